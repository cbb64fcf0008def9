// An instrumented app in a process of its own: node app.ts <folder> <stack> <client>. Works when it is told to, and says how long that took.

import { type Client, isOurs, loaderOf, type Stack, startSdk } from './stacks.ts';
import { createWork, type Work } from './work.ts';

/** How often to do what. */
export interface Order {
  readonly work: Work;
  readonly count: number;
}

/** What it took, all of it, with the handing over of spans. */
export interface Took {
  readonly ms: number;
  readonly cpuMs: number;
  readonly spans: number;
}

const [, , folder = '.', stack = 'none', client = 'openai 6'] = process.argv;
const load = loaderOf(folder);
const sdk = startSdk(load, stack as Stack);
const work = createWork(load, client as Client, isOurs(stack as Stack));
process.on('message', (order: Order) => void obey(order).then((took) => process.send?.(took)));
process.send?.('ready');

async function obey({ work: name, count }: Order): Promise<Took> {
  const step = work[name];
  const spansBefore = sdk.spanCount();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let i = 0; i < count; i++) await step();
  await sdk.flush();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ms, cpuMs: (user + system) / 1000, spans: sdk.spanCount() - spansBefore };
}
