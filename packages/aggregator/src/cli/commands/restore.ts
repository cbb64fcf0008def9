import { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addConfigOption, addJsonOption, type OutputOptions } from '../options.ts';

const HELP = `
Checks every file of the backup first, and changes nothing if one is not as it was written. The data directory may not have anything in it, nor may the
database of a ClickHouse server have tables. While it is not finished, \`turnmeter up\` refuses the directory. Afterwards: \`turnmeter check\`.

What was acknowledged after the backup is not in it. Keys that were revoked since open again: see \`turnmeter keys list\`.

Examples:
  $ turnmeter restore /backup/turnmeter-2026-11-21 --data-dir /var/lib/turnmeter
  $ turnmeter restore ./backup --config /etc/turnmeter.yaml             into the ClickHouse server that it names
  $ turnmeter restore ./backup --dry-run
`;

export interface RestoreOptions extends OutputOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly dryRun?: true;
}

export function describeRestore(invocation: Invocation): Command {
  const command = new Command('restore')
    .description('Makes a data directory of a backup.')
    .argument('<directory>', 'the backup')
    .option('--data-dir <directory>', 'where to; it may not have anything in it (default: .turnmeter)')
    .option('--dry-run', 'only tell whether the backup is whole')
    .addHelpText('after', HELP);
  return addJsonOption(addConfigOption(command)).action(async (directory: string, options: RestoreOptions) => {
    const { runRestore } = await import('../backup/run-restore.ts');
    await runRestore(invocation, directory, options);
  });
}
