// What an instrumentation costs an app at its start: processes that end at once, with and without it, in turn.

import { spawnSync } from 'node:child_process';
import { format, median, printTable, quantile } from '../figures.ts';

export interface StartCostOptions {
  readonly folder: string;
  readonly rounds: number;
}

interface Start {
  readonly label: string;
  /** What `--import` names. */
  readonly flag?: string;
  readonly code: string;
  /** The row of which this is more. */
  readonly over?: string;
}

const NOTHING = 'nothing';
const CLIENT = 'the client openai';
const STARTS: readonly Start[] = [
  { label: NOTHING, code: '0' },
  ...[
    '@opentelemetry/instrumentation',
    '@turnmeter/instrumentation',
    '@opentelemetry/instrumentation-openai',
    '@traceloop/instrumentation-openai',
    '@arizeai/openinference-instrumentation-openai',
  ].map((name) => ({ label: name, code: `await import('${name}')`, over: NOTHING })),
  {
    label: '--import @turnmeter/instrumentation/register',
    flag: '@turnmeter/instrumentation/register',
    code: '0',
    over: NOTHING,
  },
  { label: CLIENT, code: `await import('openai')` },
  {
    label: '… with --import @turnmeter/instrumentation/register',
    flag: '@turnmeter/instrumentation/register',
    code: `await import('openai')`,
    over: CLIENT,
  },
];

/** Prints what each import takes, and that of the register flag in an app with a client. */
export function printStartCost({ folder, rounds }: StartCostOptions): void {
  const took = new Map<string, Took[]>(STARTS.map(({ label }) => [label, []]));
  for (let round = -1; round < rounds; round++) {
    for (const start of STARTS) {
      const once = run(start, folder);
      // The first one reads the files from the disk.
      if (round >= 0) took.get(start.label)?.push(once);
    }
  }
  const rows = STARTS.map(({ label, over }) => {
    const times = took.get(label) ?? [];
    const without = took.get(over ?? '') ?? [];
    const added = (of: (time: Took) => number): readonly string[] => {
      if (over === undefined) return ['', ''];
      const values = times.map((time, round) => of(time) - of(without[round] ?? time));
      return [format(median(values)), `${format(quantile(values, 0.25))} to ${format(quantile(values, 0.75))}`];
    };
    return [label, format(median(times.map(({ ms }) => ms))), ...added(({ ms }) => ms), ...added(({ cpuMs }) => cpuMs)];
  });
  console.log(`\nstart of a process that imports …, ms, ${rounds} each`);
  printTable(['', 'start to end', 'added', 'quartiles', 'added CPU', 'quartiles'], rows);
}

interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

function run({ label, flag, code }: Start, cwd: string): Took {
  const report = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)';
  const flags = flag === undefined ? [] : ['--import', flag];
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, '--input-type=module', '--eval', `${code}; ${report}`],
    { cwd, encoding: 'utf8' },
  );
  const ms = performance.now() - startedAt;
  if (status !== 0) throw new Error(`a process that imports ${label} failed: ${stderr}`);
  return { ms, cpuMs: Number(stdout) };
}
