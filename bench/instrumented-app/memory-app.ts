// The process behind `printMemory`: node --expose-gc memory-app.ts <folder> <sessions>.

import { setTimeout as sleep } from 'node:timers/promises';
import { loaderOf, startSdk } from './stacks.ts';
import { createWork, type Turnmeter } from './work.ts';

/** What is in use after so many sessions. */
export interface Sample {
  readonly sessions: number;
  readonly heapMib: number;
  readonly residentMib: number;
}

/** Sessions under way at the same time. */
const PARALLEL = 10;
const BYTES_PER_MIB = 1024 ** 2;

const [, , folder = '.', sessionCount = '0'] = process.argv;
const sessions = Number(sessionCount);
const load = loaderOf(folder);
const sdk = startSdk(load, 'turnmeter');
const { call } = createWork(load, 'openai 7', true);
const turnmeter = load('@turnmeter/instrumentation') as Turnmeter;

/** A tenth, a quarter, half and all of them. */
const samplesAt = new Set([0.1, 0.25, 0.5, 1].map((share) => Math.round((sessions * share) / PARALLEL) * PARALLEL));
for (let held = 0; held < sessions;) {
  await Promise.all(Array.from({ length: PARALLEL }, (_, place) => hold(held + place)));
  held += PARALLEL;
  if (samplesAt.has(held)) process.send?.(await sample(held));
}
process.disconnect();

async function hold(number: number): Promise<void> {
  const chat = turnmeter.groupChat({ workflow: 'bench', session: `session-${number}` });
  await chat.run(async () => {
    for (const agent of ['Writer', 'Critic']) await chat.turn({ agent }, call);
  });
}

async function sample(held: number): Promise<Sample> {
  await sdk.flush();
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    // What waits for a collection to be over (finalizers) runs in between.
    await sleep(50);
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { sessions: held, heapMib: heapUsed / BYTES_PER_MIB, residentMib: rss / BYTES_PER_MIB };
}
