// The crash harness by hand, for as long as wanted; see --help.

import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { crash } from './harness.ts';
import { PowerCut } from './power-cut.ts';
import { type CrashReport, spreadOf } from './report.ts';
import { crashService, type CrashServiceReport } from './service/crash-service.ts';
import { fillDisk } from './service/fill-disk.ts';

const HELP = `node packages/aggregator/test/crash/run.ts [--minutes N | --rounds N] [...]

Kills a process that saves telemetry, again and again, at random times and at chosen system calls, has it go on where it was, and at the
end asks ClickHouse whether everything that was acknowledged is there and counted once. Prints figures; exits with 0 if they are right.

  --minutes N            ends after so many minutes (default: no limit)
  --rounds N             ends after so many lives of the writer (default: 100, without --minutes)
  --engine apart         the engine outlives the writer, is killed by itself and stands still at times (default)
  --engine together      the engine belongs to the writer and dies with it
  --service              kills \`turnmeter up\` and its engine while captures of real producers come in by OTLP/HTTP, and compares its sessions
                         with what their models served
  --disk-full            has \`turnmeter up\` fill its disk, which is one in memory; Linux, as root
  --power-loss           cuts the power of a disk in a file instead of killing, which loses what was not synced; Linux, as root
  --seed N               another sequence of chances (default: 1)
  --directory D          for data, emptied first, and removed if all is well (default: a new one)
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    rounds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'apart' },
    service: { type: 'boolean', default: false },
    'disk-full': { type: 'boolean', default: false },
    'power-loss': { type: 'boolean', default: false },
    directory: { type: 'string', default: path.join(os.tmpdir(), `turnmeter-crash-${process.pid}`) },
    help: { type: 'boolean', default: false },
  },
});

const { directory } = values;
const length = {
  rounds: Number(values.rounds ?? (values.minutes === undefined ? 100 : Number.POSITIVE_INFINITY)),
  minutes: values.minutes === undefined ? undefined : Number(values.minutes),
  seed: Number(values.seed),
};
const startedMs = performance.now();
if (values.help) process.stdout.write(HELP);
else if (values.service) print(await crashService({ directory, ...length, onRound: tellService }));
else if (values['disk-full']) print(await fillDisk({ directory, seed: length.seed }));
else if (values['power-loss']) print(await cutPower());
else
  print(
    await crash({ directory, ...length, engine: values.engine === 'together' ? 'together' : 'apart', onRound: tell }),
  );

async function cutPower(): ReturnType<typeof crash> {
  const powerCut = await PowerCut.prepare(directory);
  const onDisk = path.join(powerCut.mountPoint, 'data');
  const result = await crash({ directory: onDisk, powerCut, ...length, engine: 'together', onRound: tell });
  await powerCut.remove();
  return result;
}

function tell(round: number, { writerKills, engineKills, powerCuts, requests }: CrashReport): void {
  if (round % 10 !== 0) return;
  console.error(
    `round ${round}: ${writerKills + powerCuts} writers and ${engineKills} engines ended, ${requests} requests`,
  );
}

function tellService(round: number, { serviceKills, engineKills, requests }: CrashServiceReport): void {
  if (round % 10 !== 0) return;
  console.error(
    `round ${round}: ${serviceKills} services and ${engineKills} engines killed, ${requests.acknowledged} requests`,
  );
}

function print({
  report,
  findings,
}: {
  readonly report: object;
  readonly findings: { readonly wrong: readonly string[] };
}): void {
  const minutes = Math.round((performance.now() - startedMs) / 6000) / 10;
  const figures = {
    ...report,
    ...('readyMs' in report ? { readyMs: spreadOf(report.readyMs as number[]) } : {}),
    minutes,
    findings,
  };
  console.log(JSON.stringify(figures, undefined, 2));
  // What is wrong is left to be looked at.
  if (findings.wrong.length === 0) rmSync(directory, { recursive: true, force: true });
  else process.exitCode = 1;
}
