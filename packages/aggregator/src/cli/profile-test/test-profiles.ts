import { Figures } from '@turnmeter/accounting';
import { parseConfig } from '../../config/parse-config.ts';
import { ExitCode } from '../command-error.ts';
import type { ProfileTestOptions } from '../commands/profile.ts';
import type { Invocation } from '../invocation.ts';
import { findFiles } from '../otlp-files/find-files.ts';
import { readBodies } from '../otlp-files/read-bodies.ts';
import { RecordCounter } from './count-records.ts';
import { groupRecords } from './group-records.ts';
import { printReport, type TestReport } from './print-report.ts';

/** Runs `turnmeter profile test`. */
export async function testProfiles(
  invocation: Invocation,
  given: readonly string[],
  options: ProfileTestOptions,
): Promise<void> {
  const { profiles } = parseConfig({ file: options.config, env: invocation.terminal.env });
  const counter = new RecordCounter(profiles, Date.now() * 1000);
  const unreadable: TestReport['unreadable'][number][] = [];
  let files = 0;
  for (const { path, isNamed } of await findFiles(given)) {
    files++;
    for (const body of await readBodies(path)) {
      if ('reason' in body) {
        if (isNamed || body.isForeign !== true) unreadable.push({ file: path, reason: body.reason });
        continue;
      }
      const fault = counter.add(body);
      if (fault !== undefined) unreadable.push({ file: path, reason: fault });
    }
  }
  const records = counter.count();
  const entries = records.flatMap(({ entry }) => entry ?? []);
  const figures = new Figures().apply(entries.map((entry) => ({ sign: 1, entry, because: '' })));
  const report: TestReport = {
    files,
    records: counter.read,
    repeated: counter.repeated,
    refused: Object.fromEntries(counter.refused),
    unreadable,
    totals: figures.totals,
    sessions: [...figures.by('session')].filter(([, { inferences, turns }]) => inferences + turns > 0),
    groups: groupRecords(records).filter(({ counts_as }) => options.all === true || counts_as !== 'nothing'),
    titles: Object.fromEntries(records.map(({ observation: { profile } }) => [profile, counter.titleOf(profile)])),
  };
  printReport(invocation, report, options);
  if (unreadable.length > 0) invocation.exitCode = ExitCode.FAILED;
}
