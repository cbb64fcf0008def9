import { describe, expect, it } from 'vitest';
import { Baselines, baselinesOf } from '../../src/control/baselines.ts';
import type { FinalizedCost } from '../../src/query/finalized-costs.ts';
import { VERSIONS_MAX } from '../../src/query/workflow-versions.ts';

function finished(sessionId: string, workflowVersion: string): FinalizedCost {
  return { sessionId, costNanoUsd: 1e9, tokens: 1, workflowVersion };
}

/** A database with so many finalized sessions. */
class Source {
  sessions = 1;
  asked = 0;

  async finalizedCosts(): Promise<readonly FinalizedCost[]> {
    this.asked++;
    const { sessions } = this;
    await Promise.resolve();
    return Array.from({ length: sessions }, (_, at) => finished(`s-${at}`, ''));
  }
}

interface Opened {
  readonly source: Source;
  readonly clock: { ms: number };
  readonly sessionsKnown: () => Promise<number | undefined>;
  readonly forget: () => void;
}

function open(sessions: number): Opened {
  const source = new Source();
  source.sessions = sessions;
  const clock = { ms: 1000 };
  const baselines = new Baselines({
    queries: source,
    nowMs: () => clock.ms,
    onFailure: (error) => {
      throw error;
    },
  });
  return {
    source,
    clock,
    sessionsKnown: async () => (await baselines.of('acme', 'w')).baselines[0]?.n,
    forget: () => baselines.forget('acme', 'w'),
  };
}

describe('baselines', () => {
  it('of few sessions are never without one that was finalized', async () => {
    const { source, sessionsKnown, forget } = open(1);
    expect(await sessionsKnown()).toBe(1);
    source.sessions = 50;
    forget();
    expect(await sessionsKnown()).toBe(50);
  });

  it('that nobody asked for in long are read again before they are told', async () => {
    const { source, clock, sessionsKnown } = open(20);
    await sessionsKnown();
    source.sessions = 50;
    clock.ms += 3_600_000;
    expect(await sessionsKnown()).toBe(50);
  });

  it('of many sessions are told as they are while newer ones are read, once a second', async () => {
    const { source, clock, sessionsKnown, forget } = open(20);
    await sessionsKnown();
    source.sessions = 21;
    forget();
    expect(await sessionsKnown()).toBe(20);
    expect(source.asked).toBe(1);
    clock.ms += 1001;
    expect(await sessionsKnown()).toBe(20);
    await expect.poll(sessionsKnown).toBe(21);
    expect(source.asked).toBe(2);
  });

  it('know of a session that was finalized while they were read', async () => {
    const { source, sessionsKnown, forget } = open(1);
    await sessionsKnown();
    forget();
    const reading = sessionsKnown();
    source.sessions = 2;
    forget();
    await reading;
    expect(await sessionsKnown()).toBe(2);
  });

  it('tell versions apart, those that were used last, and count what names none among all', () => {
    const versions = Array.from({ length: VERSIONS_MAX + 5 }, (_, at) => `v${at}`);
    const costs = ['', ...versions, 'v0'].map((version, at) => finished(`s-${at}`, version));
    const { baselines } = baselinesOf('w', costs);
    expect(baselines.slice(0, 3).map(({ version, n }) => [version, n])).toEqual([
      [undefined, costs.length],
      ['v0', 2],
      ['v1', 1],
    ]);
    expect(baselines).toHaveLength(1 + VERSIONS_MAX);
  });
});
