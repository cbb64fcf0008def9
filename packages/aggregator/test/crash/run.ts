// As many rounds as wanted: node packages/aggregator/test/crash/run.ts --rounds 1000 [--engine together|apart] [--seed 1] [--directory D] [--power-loss]

import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { crash } from './harness.ts';
import { PowerCut } from './power-cut.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'apart' },
    'power-loss': { type: 'boolean', default: false },
    directory: { type: 'string', default: path.join(os.tmpdir(), `turnmeter-crash-${process.pid}`) },
  },
});

const startedMs = performance.now();
const powerCut = values['power-loss'] ? await PowerCut.prepare(values.directory) : undefined;
const { report, findings } = await crash({
  directory: powerCut === undefined ? values.directory : path.join(powerCut.mountPoint, 'data'),
  powerCut,
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  engine: values.engine === 'together' || powerCut !== undefined ? 'together' : 'apart',
  onRound: (round, { writerKills, engineKills, requests }) => {
    if (round % 10 === 0)
      console.error(`round ${round}: ${writerKills} writers and ${engineKills} engines killed, ${requests} requests`);
  },
});
await powerCut?.remove();
const readyMs = report.readyMs.toSorted((a, b) => a - b);
console.log(
  JSON.stringify(
    {
      ...report,
      readyMs: { median: Math.round(readyMs[readyMs.length >> 1] ?? 0), max: Math.round(readyMs.at(-1) ?? 0) },
      minutes: Math.round((performance.now() - startedMs) / 6000) / 10,
      findings,
    },
    undefined,
    2,
  ),
);
process.exitCode = findings.wrong.length === 0 ? 0 : 1;
