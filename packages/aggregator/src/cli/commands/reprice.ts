import { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, parseTime, type ServiceOptions } from '../options.ts';

const HELP = `
Shows the difference, asks on a terminal, and then books it: what stood is taken back and booked again at the prices of now, so that the
old figures can still be explained. Doing it again changes nothing. Times are when calls ended, UTC.

Examples:
  $ turnmeter reprice --from 2026-11-01 --to 2026-12-01 --dry-run
  $ turnmeter reprice --from 30d --to now
  $ turnmeter reprice --from 30d --to now --yes --json
`;

export interface RepriceOptions extends ServiceOptions {
  readonly from: string;
  readonly to: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

export function describeReprice(invocation: Invocation): Command {
  const command = new Command('reprice')
    .description('Prices the calls of a time again with the prices of now, and books the differences.')
    .requiredOption('--from <time>', 'calls that ended at this time or later', parseTime)
    .requiredOption('--to <time>', 'calls that ended before this time', parseTime)
    .option('--dry-run', 'only show what would change')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (options: RepriceOptions) => {
    const { runReprice } = await import('../books/run-reprice.ts');
    await runReprice(invocation, options);
  });
}
