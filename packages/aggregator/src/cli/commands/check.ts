import { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
Ends with 0 if all agrees and with 1 if something does not. It reads everything and so takes its time; the service goes on meanwhile.

Examples:
  $ turnmeter check
  $ turnmeter check --tenant '*'                   all tenants, for keys that may
  $ turnmeter check --data-dir ./archive --json | jq '.checks[] | select(.ok | not)'
`;

export function describeCheck(invocation: Invocation): Command {
  const command = new Command('check')
    .description(
      'Audits the books: do stored records, entries, their sums, summaries and averages agree, and is every id unique?',
    )
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const { runCheck } = await import('../books/run-check.ts');
    await runCheck(invocation, options);
  });
}
