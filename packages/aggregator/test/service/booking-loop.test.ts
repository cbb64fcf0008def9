import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BookingLoop } from '../../src/service/booking-loop.ts';
import { NO_TELEMETRY } from '../../src/telemetry.ts';
import { temporaryDirectory } from '../save/journal/temporary-directory.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { CALL, span, startWritingSide } from './writing-side.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.stop());

describe('the booking loop', () => {
  it('does not wait for its time while senders would have to', async () => {
    const place = { directory: await temporaryDirectory(), url: engine.url, database: 'booking_loop' };
    const writing = await startWritingSide({ ...place, quietUs: 0, waitingMax: 4, roomMsMax: 30_000 });
    const loop = new BookingLoop({
      ...{ pipeline: writing.pipeline, store: writing.store, telemetry: NO_TELEMETRY },
      logger: pino({ level: 'silent' }),
      nowUs: () => Date.now() * 1000,
      everyMs: 3_600_000,
      segmentRowsMax: 1_000_000,
    });
    loop.start();
    onTestFinished(async () => {
      await loop.stop();
      await writing.stop();
    });
    for (let id = 1; id <= 30; id++) await writing.send([span({ trace: id, id }, id, CALL)]);
    await expect.poll(() => writing.pipeline.isPressed).toBe(false);
  });
});
