import { Argument, Command, Option } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, parseTime, type ServiceOptions } from '../options.ts';

const HELP = `
sessions      finalized sessions with their turns, by the day on which they began
entries       the ledger: every booking, those that were taken back included (sign -1), by the day of arrival
observations  what was seen, by the day of arrival
workflows     averages over all days

Without --output the rows go to standard output. The format is told by the file's name (.ndjson, .csv, .parquet), or by --format.

Examples:
  $ turnmeter export sessions --from 2026-11-01 --to 2026-11-30 --output november.parquet
  $ turnmeter export entries --from 7d --format csv > entries.csv
  $ turnmeter export sessions | jq -r '[.session_id, .cost_nano_usd] | @tsv'
`;

export const EXPORT_FORMATS = ['ndjson', 'csv', 'parquet'] as const;

export interface ExportOptions extends ServiceOptions {
  readonly format?: string;
  readonly from?: string;
  readonly to?: string;
  readonly output?: string;
}

export function describeExport(invocation: Invocation): Command {
  const command = new Command('export')
    .description('Writes rows as they are stored: sessions, the ledger, what was seen, or averages.')
    .addArgument(
      new Argument('[what]', 'which rows')
        .choices(['sessions', 'entries', 'observations', 'workflows'])
        .default('sessions'),
    )
    .addOption(new Option('--format <format>', 'how (default: ndjson)').choices([...EXPORT_FORMATS]))
    .option('--from <day>', 'first day, UTC (default: all)', parseDay)
    .option('--to <day>', 'last day, which is included', parseDay)
    .option('-o, --output <file>', 'where to; it appears when it is complete')
    .addHelpText('after', HELP);
  return addServiceOptions(command, 'one JSON document a row: --format ndjson').action(
    async (what: string, options: ExportOptions) => {
      const { runExport } = await import('../books/run-export.ts');
      await runExport(invocation, what, options);
    },
  );
}

/** `2026-11-01`; of a time its day. */
function parseDay(text: string): string {
  return parseTime(text).slice(0, 10);
}
