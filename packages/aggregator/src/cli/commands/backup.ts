import { Command, Option } from 'commander';
import type { BackupOptions } from '../backup/run-backup.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, EVERY_TENANT, parseDuration } from '../options.ts';

/** A restart of the database, and what was accepted meanwhile. */
const WAIT_DEFAULT = '5m';

const HELP = `
The service goes on. All that it acknowledged before is in the backup: sessions, the ledger, what was seen, balances, policies, keys and alert rules,
as of one moment. Its configuration is not: keep that file, too. With a key, it takes one for all tenants with the scope all.

What was accepted and is not in the database yet is waited for: while the database is slow or away, for as long as --wait says. Then there is no
backup, the directory stays empty, and the exit code is 1, as of every backup that is not whole; it is 0 when all of it is on disk.

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
  return addServiceOptions(command)
    .addOption(
      new Option('--wait <duration>', 'for what was accepted to come into the database')
        .argParser(parseDuration)
        .default(parseDuration(WAIT_DEFAULT), WAIT_DEFAULT),
    )
    .action(async (directory: string, options: BackupOptions) => {
      const { runBackup } = await import('../backup/run-backup.ts');
      await runBackup(invocation, directory, { ...options, tenant: EVERY_TENANT });
    });
}
