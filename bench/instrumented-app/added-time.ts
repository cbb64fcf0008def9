// What an instrumentation adds to a model call and to a turn: apps with and without it work in turn, so that each round compares what was
// done within the same second.

import { format, median, printTable, quantile } from '../figures.ts';
import type { Took } from './app.ts';
import { type App, startApp } from './apps.ts';
import { type Client, CLIENTS, isOurs, type Stack, STACKS } from './stacks.ts';
import { WORK, type Work } from './work.ts';

export interface AddedTimeOptions {
  readonly folder: string;
  readonly rounds: number;
  /** Calls, or turns, that an app makes at a time. */
  readonly calls: number;
}

/** So many blocks before those that count, while the code is compiled. */
const WARM_UPS = 4;

/** Prints what each instrumentation adds to each kind of work. */
export async function printAddedTime({ folder, rounds, calls }: AddedTimeOptions): Promise<void> {
  const apps = await startApps(folder);
  try {
    for (const work of WORK) {
      // Turns are ours alone: what others add to one is what they add to its calls.
      const working = apps.filter(({ stack }) => !work.startsWith('turn') || stack === 'none' || isOurs(stack));
      const took = await workInTurn(working, { work, rounds, calls });
      print(work, took, calls);
    }
  } finally {
    for (const app of apps) await app.stop();
  }
}

async function startApps(folder: string): Promise<readonly App[]> {
  const apps: App[] = [];
  for (const client of Object.keys(CLIENTS) as Client[]) {
    for (const stack of Object.keys(STACKS) as Stack[]) {
      if (client === 'openai 7' && stack !== 'none' && !isOurs(stack)) continue;
      apps.push(await startApp(folder, stack, client));
    }
  }
  return apps;
}

type TookOfApps = ReadonlyMap<App, readonly Took[]>;

async function workInTurn(
  apps: readonly App[],
  { work, rounds, calls }: { readonly work: Work; readonly rounds: number; readonly calls: number },
): Promise<TookOfApps> {
  const took = new Map<App, Took[]>(apps.map((app) => [app, []]));
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const app of apps) {
      const once = await app.work({ work, count: calls });
      if (round >= 0) took.get(app)?.push(once);
    }
  }
  return took;
}

function print(work: Work, took: TookOfApps, calls: number): void {
  const rows = [...took].map(([app, times]) => {
    const [before = app] = [...took.keys()].filter(({ client, stack }) => client === app.client && stack === 'none');
    const without = took.get(before) ?? times;
    const added = (of: (time: Took) => number): readonly number[] =>
      times.map((time, round) => ((of(time) - of(without[round] ?? time)) * 1000) / calls);
    const each = times.map(({ ms }) => (ms * 1000) / calls);
    return [
      `${app.client}, ${app.stack}`,
      format(median(each), 1),
      ...(app === before
        ? ['', '', '', '']
        : columnsOf(
            added(({ ms }) => ms),
            added(({ cpuMs }) => cpuMs),
          )),
      format(median(times.map(({ spans }) => spans / calls)), 1),
    ];
  });
  console.log(`\n${work}, µs`);
  printTable(['', 'each', 'added', 'quartiles', 'added CPU', 'quartiles', 'spans'], rows);
}

function columnsOf(time: readonly number[], cpu: readonly number[]): readonly string[] {
  return [time, cpu].flatMap((values) => [
    format(median(values), 1),
    `${format(quantile(values, 0.25), 1)} to ${format(quantile(values, 0.75), 1)}`,
  ]);
}
