import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FinishedSession } from '@turnmeter/budget';
import { describe, expect, it } from 'vitest';
import { Projector } from '../../src/control/projector.ts';

/** Sessions of four equal turns that cost 4, 8, … in all. */
function history(sessions: number): readonly FinishedSession[] {
  return Array.from({ length: sessions }, (_, at) => ({
    id: `s${at}`,
    endedMs: at * 1000,
    costsNanoUsd: [1, 2, 3, 4].map((turns) => turns * (at + 1)),
    tokens: [1, 2, 3, 4],
    durationsMs: [1, 2, 3, 4],
    endCostNanoUsd: 4 * (at + 1),
  }));
}

/** A source that counts how often it is asked, and fails when it is told to. */
class Source {
  asked = 0;
  isAway = false;
  sessions = 20;
  /** Questions at a time, and the most of them. */
  open = 0;
  openMax = 0;

  async workflowHistory(): Promise<readonly FinishedSession[]> {
    this.asked++;
    if (this.isAway) throw new Error('away');
    this.openMax = Math.max(this.openMax, ++this.open);
    await nextTurn();
    this.open--;
    return history(this.sessions);
  }
}

function openProjector(source: Source): { projector: Projector; clock: { ms: number }; failures: unknown[] } {
  const clock = { ms: 1000 };
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  return { projector: new Projector({ queries: source, onFailure, nowMs: () => clock.ms }), clock, failures };
}

describe('projector', () => {
  it('reads a history once for all who ask while it is fresh, and says of when it is', async () => {
    const source = new Source();
    const { projector, clock } = openProjector(source);
    const both = await Promise.all([
      projector.project('acme', 'w', { turns: 2, costNanoUsd: 20 }),
      projector.project('acme', 'w', { turns: 2, costNanoUsd: 20 }),
    ]);
    clock.ms += 9000;
    const later = await projector.project('acme', 'w', { turns: 2, costNanoUsd: 20 });
    // Each session costs twice what it had after two of its four turns.
    expect([...both, later]).toMatchObject(Array.from({ length: 3 }, () => ({ midNanoUsd: 40, n: 20, readMs: 1000 })));
    expect(source.asked).toBe(1);
  });

  it('answers with what is there while a newer history is read', async () => {
    const source = new Source();
    const { projector, clock } = openProjector(source);
    await projector.historyOf('acme', 'w');
    source.sessions = 30;
    clock.ms += 11_000;
    expect((await projector.historyOf('acme', 'w')).history.sessions).toHaveLength(20);
    await expect.poll(async () => (await projector.historyOf('acme', 'w')).history.sessions.length).toBe(30);
    expect(source.asked).toBe(2);
  });

  it('reads what nobody waits for one after the other, each once', async () => {
    const source = new Source();
    const { projector, clock } = openProjector(source);
    const workflows = Array.from({ length: 20 }, (_, number) => `w${number}`);
    const askAll = (): Promise<unknown> =>
      Promise.all(workflows.map((workflow) => projector.historyOf('acme', workflow)));
    await askAll();
    source.openMax = 0;
    for (const ms of [11_000, 11_000]) {
      clock.ms += ms;
      await askAll();
    }
    // The first was being read when it was asked for again.
    await expect.poll(() => source.asked).toBe(41);
    for (let turns = 0; turns < 10; turns++) await nextTurn();
    expect({ asked: source.asked, openMax: source.openMax }).toEqual({ asked: 41, openMax: 1 });
  });

  it('reads again within a second once it is told of a finalized session', async () => {
    const source = new Source();
    const { projector, clock } = openProjector(source);
    await projector.historyOf('acme', 'w');
    source.sessions = 21;
    projector.forget('acme', 'w');
    clock.ms += 500;
    await projector.historyOf('acme', 'w');
    expect(source.asked).toBe(1);
    clock.ms += 501;
    await expect.poll(async () => (await projector.historyOf('acme', 'w')).history.sessions.length).toBe(21);
  });

  it('keeps what it knows while the database is away, with its time, and does not ask at every turn', async () => {
    const source = new Source();
    const { projector, clock, failures } = openProjector(source);
    await projector.historyOf('acme', 'w');
    source.isAway = true;
    clock.ms += 11_000;
    for (let times = 0; times < 10; times++) expect((await projector.historyOf('acme', 'w')).readMs).toBe(1000);
    await expect.poll(() => failures.length).toBe(1);
    expect(source.asked).toBe(2);
  });

  it('fails for the first who asks while the database is away, and asks again for the next', async () => {
    const source = new Source();
    source.isAway = true;
    const { projector } = openProjector(source);
    await expect(projector.historyOf('acme', 'w')).rejects.toThrow('away');
    source.isAway = false;
    expect((await projector.historyOf('acme', 'w')).history.sessions).toHaveLength(20);
  });

  it('forgets workflows that nobody asked for in a long while, also those that do not exist', async () => {
    const source = new Source();
    source.sessions = 0;
    const { projector } = openProjector(source);
    // A million turns are kept, and each name counts as a hundred.
    for (let name = 0; name <= 10_000; name++) await projector.historyOf('acme', `w${name}`);
    expect(source.asked).toBe(10_001);
    await projector.historyOf('acme', 'w10000');
    expect(source.asked).toBe(10_001);
    await projector.historyOf('acme', 'w0');
    expect(source.asked).toBe(10_002);
  });

  it('keeps tenants and workflows apart', async () => {
    const source = new Source();
    const { projector } = openProjector(source);
    await projector.historyOf('a', 'b');
    await projector.historyOf('a"', 'b');
    await projector.historyOf('a', '"b');
    expect(source.asked).toBe(3);
  });
});
