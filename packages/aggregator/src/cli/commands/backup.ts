import { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, EVERY_TENANT, type ServiceOptions } from '../options.ts';

const HELP = `
The service goes on. All that it acknowledged before is in the backup: sessions, the ledger, what was seen, balances, policies, keys and alert rules,
as of one moment. Its configuration is not: keep that file, too. With a key, it takes one for all tenants with the scope all.

A backup is a directory of compressed files with their checksums, and holds secrets of webhooks. \`turnmeter restore\` makes a data directory of it.

Examples:
  $ turnmeter backup /backup/turnmeter-$(date +%F)
  $ turnmeter backup ./before-upgrade --data-dir /var/lib/turnmeter     of a service that is stopped
  $ turnmeter restore ./before-upgrade --dry-run                        are all files as they were written?
`;

export function describeBackup(invocation: Invocation): Command {
  const command = new Command('backup')
    .description('Writes everything that a service has into a directory, while it runs.')
    .argument('<directory>', 'where to; it may not have anything in it')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (directory: string, options: ServiceOptions) => {
    const { runBackup } = await import('../backup/run-backup.ts');
    await runBackup(invocation, directory, { ...options, tenant: EVERY_TENANT });
  });
}
