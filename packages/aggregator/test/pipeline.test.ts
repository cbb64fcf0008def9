import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from './save/journal/temporary-directory.ts';
import { runEngine, type RunningEngine } from './save/running-engine.ts';
import { startUnreliableNetwork } from './save/unreliable-network.ts';
import { CALL, span, startWritingSide, type WritingSide, type WritingSideOptions } from './service/writing-side.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.stop());

let count = 0;
async function newPlace(): Promise<WritingSideOptions> {
  return { directory: await temporaryDirectory(), url: engine.url, database: `pipeline_${++count}` };
}

async function start(options: WritingSideOptions): Promise<WritingSide> {
  const writing = await startWritingSide(options);
  onTestFinished(() => writing.stop());
  return writing;
}

const root = span({ trace: 1, id: 9 }, 10, { 'gen_ai.operation.name': 'invoke_agent', 'session.id': 's1' });
const child = (id: number): object => span({ trace: 1, id, parent: 9 }, id, CALL);

/** Calls by session, and how many records stand more than once. */
async function booked({ database }: WritingSideOptions): Promise<unknown> {
  return engine.rows(
    `SELECT session_id, sum(sign * inferences) AS calls, sum(sign * cost_nano_usd) AS cost
     FROM ${database}.entries GROUP BY session_id HAVING calls != 0 OR cost != 0 ORDER BY session_id`,
  );
}

describe('book', () => {
  it('seals no segment before all of it is booked, so that a crash leaves nothing that nobody books', async () => {
    const place = await newPlace();
    const network = await startUnreliableNetwork(engine.url);
    onTestFinished(() => network.close());
    // Traces leave memory at once, and are read back when more comes of them.
    const forgetful = { ...place, url: network.url, keepUs: 0, recordsMax: 1, quietUs: 0 };
    const writing = await start(forgetful);
    await writing.send([child(1)]);
    await writing.pipeline.flush();
    await writing.send([span({ trace: 2, id: 2 }, 2, CALL)]);
    await writing.pipeline.flush();
    network.isDown = true;
    await writing.send([child(3), root]);
    await expect(writing.pipeline.book()).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(writing.store.status.pendingSegments).toBe(1);
    // Gone without another word, like a process that is killed.
    await writing.store.stop(0);
    network.isDown = false;
    const next = await start(place);
    await next.pipeline.flush();
    expect(await booked(place)).toEqual([
      { session_id: '', calls: 1, cost: 3_500_000 },
      { session_id: 's1', calls: 2, cost: 7_000_000 },
    ]);
  });

  it('goes on where it was when the database is back', async () => {
    const place = await newPlace();
    const network = await startUnreliableNetwork(engine.url);
    onTestFinished(() => network.close());
    const writing = await start({ ...place, url: network.url, keepUs: 0, recordsMax: 1, quietUs: 0 });
    await writing.send([child(1)]);
    await writing.pipeline.flush();
    await writing.send([span({ trace: 2, id: 2 }, 2, CALL)]);
    await writing.pipeline.flush();
    network.isDown = true;
    await writing.send([child(3), root]);
    await expect(writing.pipeline.book()).rejects.toMatchObject({ code: 'database_unavailable' });
    await writing.send([child(4)]);
    await expect(writing.pipeline.book()).rejects.toMatchObject({ code: 'database_unavailable' });
    network.isDown = false;
    await writing.pipeline.flush();
    expect(await booked(place)).toEqual([
      { session_id: '', calls: 1, cost: 3_500_000 },
      { session_id: 's1', calls: 3, cost: 10_500_000 },
    ]);
  });

  it('ends, though without success, while the database is away and there are segments for it', async () => {
    const place = await newPlace();
    const network = await startUnreliableNetwork(engine.url);
    onTestFinished(() => network.close());
    const writing = await start({ ...place, url: network.url, keepUs: 0, recordsMax: 1, quietUs: 0 });
    await writing.send([child(1)]);
    await writing.pipeline.flush();
    await writing.send([span({ trace: 2, id: 2 }, 2, CALL)]);
    await writing.pipeline.flush();
    network.isDown = true;
    await writing.send([span({ trace: 3, id: 3 }, 3, CALL)]);
    await writing.pipeline.book();
    // Late for a trace that has to be read back, after what is on its way: nobody knows when that comes.
    await writing.send([root]);
    await expect(writing.pipeline.bookLast()).rejects.toMatchObject({ code: 'database_unavailable' });
    await writing.store.stop(0);
    network.isDown = false;
    const next = await start(place);
    await next.pipeline.flush();
    expect(await booked(place)).toEqual([
      { session_id: '', calls: 2, cost: 7_000_000 },
      { session_id: 's1', calls: 1, cost: 3_500_000 },
    ]);
  });

  it('leaves the disk alone when there is nothing to book', async () => {
    const writing = await start({ ...(await newPlace()), quietUs: 0 });
    await writing.send([child(1)]);
    expect(await writing.pipeline.book()).toBeTypeOf('number');
    expect(await writing.pipeline.book()).toBeUndefined();
  });
});

describe('room', () => {
  const call = (id: number): object => span({ trace: id, id }, id, CALL);

  it('is waited for by senders until what came before is booked, and nothing is lost of theirs', async () => {
    const place = await newPlace();
    const writing = await start({ ...place, quietUs: 0, waitingMax: 2, roomMsMax: 60_000 });
    const sent = [[call(1), call(2), call(3)], [call(4)], [call(5), call(6)]].map((calls) => writing.send(calls));
    await sent[0];
    expect(writing.pipeline.isPressed).toBe(true);
    await writing.pipeline.book();
    await Promise.all(sent);
    await writing.pipeline.flush();
    expect(writing.pipeline.isPressed).toBe(false);
    expect(await booked(place)).toEqual([{ session_id: '', calls: 6, cost: 21_000_000 }]);
  });

  it('is refused when there is none for too long, which loses nothing else', async () => {
    const place = await newPlace();
    const writing = await start({ ...place, quietUs: 0, waitingMax: 0, roomMsMax: 20 });
    await writing.send([call(1)]);
    await expect(writing.send([call(2)])).rejects.toMatchObject({ code: 'book_behind', retryable: true });
    await writing.pipeline.flush();
    await writing.send([call(3)]);
    await writing.pipeline.flush();
    expect(await booked(place)).toEqual([{ session_id: '', calls: 2, cost: 7_000_000 }]);
  });
});

describe('bookLast', () => {
  const SUM = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'A', 'session.id': 's1' };

  it('books what waits for its trace to be quiet, and takes it back where more comes after another start', async () => {
    const place = await newPlace();
    const writing = await start(place);
    const usage = { 'gen_ai.usage.input_tokens': 1000, 'gen_ai.usage.output_tokens': 100 };
    await writing.send([
      span({ trace: 1, id: 9 }, 10, { ...SUM, ...usage, 'gen_ai.response.model': 'gpt-4o-2024-08-06' }),
    ]);
    await writing.pipeline.flush();
    const tokens = (): Promise<unknown> =>
      engine.rows(
        `SELECT sum(sign * input_tokens) AS input, sum(sign * inferences) AS calls FROM ${place.database}.entries`,
      );
    expect(await tokens()).toEqual([{ input: 0, calls: 0 }]);
    await writing.pipeline.bookLast();
    await writing.stop();
    expect(await tokens()).toEqual([{ input: 1000, calls: 0 }]);
    const next = await start(place);
    await next.send([span({ trace: 1, id: 1, parent: 9 }, 5, { ...CALL, 'gen_ai.usage.input_tokens': 990 })]);
    await next.pipeline.flush();
    expect(await tokens()).toEqual([{ input: 990, calls: 1 }]);
  });
});
