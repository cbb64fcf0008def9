// The crash harness by hand, for as long as wanted; see --help.

import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { crash } from './harness.ts';
import { PowerCut } from './power-cut.ts';
import { spreadOf } from './report.ts';

const HELP = `node packages/aggregator/test/crash/run.ts [--minutes N | --rounds N] [...]

Kills a process that saves telemetry, again and again, at random times and at chosen system calls, has it go on where it was, and at the
end asks ClickHouse whether everything that was acknowledged is there and counted once. Prints figures; exits with 0 if they are right.

  --minutes N            ends after so many minutes (default: no limit)
  --rounds N             ends after so many lives of the writer (default: 100, without --minutes)
  --engine apart         the engine outlives the writer, is killed by itself and stands still at times (default)
  --engine together      the engine belongs to the writer and dies with it
  --power-loss           cuts the power of a disk in a file instead of killing, which loses what was not synced; Linux, as root
  --seed N               another sequence of chances (default: 1)
  --directory D          for data (default: a new one among the temporary files)
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    rounds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'apart' },
    'power-loss': { type: 'boolean', default: false },
    directory: { type: 'string', default: path.join(os.tmpdir(), `turnmeter-crash-${process.pid}`) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  await run();
}

async function run(): Promise<void> {
  const { directory, minutes, rounds } = values;
  const startedMs = performance.now();
  const powerCut = values['power-loss'] ? await PowerCut.prepare(directory) : undefined;
  const { report, findings } = await crash({
    directory: powerCut === undefined ? directory : path.join(powerCut.mountPoint, 'data'),
    powerCut,
    rounds: Number(rounds ?? (minutes === undefined ? 100 : Number.POSITIVE_INFINITY)),
    minutes: minutes === undefined ? undefined : Number(minutes),
    seed: Number(values.seed),
    engine: values.engine === 'together' || powerCut !== undefined ? 'together' : 'apart',
    onRound: (round, { writerKills, engineKills, requests }) => {
      if (round % 10 === 0) {
        console.error(`round ${round}: ${writerKills} writers and ${engineKills} engines killed, ${requests} requests`);
      }
    },
  });
  await powerCut?.remove();
  const figures = {
    ...report,
    readyMs: spreadOf(report.readyMs),
    minutes: Math.round((performance.now() - startedMs) / 6000) / 10,
    findings,
  };
  console.log(JSON.stringify(figures, undefined, 2));
  process.exitCode = findings.wrong.length === 0 ? 0 : 1;
}
