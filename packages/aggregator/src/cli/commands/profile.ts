import { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addConfigOption, addJsonOption, type OutputOptions } from '../options.ts';

const HELP = `
Nothing is sent or stored. Give it all files of a run at once: what a record counts as depends on its neighbors.
Profiles of your own stand under "profiles" in the configuration and go before the built-in ones.

Examples:
  $ turnmeter profile test dump/*.pb
  $ turnmeter profile test traces.json --config turnmeter.yaml
  $ turnmeter profile test dump/ --all           records that tell nothing, too
  $ turnmeter profile test dump/ --json | jq '.groups[] | select(.usage_source == "missing")'
`;

export interface ProfileTestOptions extends OutputOptions {
  readonly config?: string;
  readonly all?: true;
}

export function describeProfile(invocation: Invocation): Command {
  const profile = new Command('profile')
    .description('Tries on files what records would count as, and why.')
    .addHelpText('after', HELP);
  const test = new Command('test')
    .description('Reads files of OTLP and shows for each kind of record what it would count as, and why.')
    .argument('<files...>', 'files, folders or patterns: .pb, .json or .jsonl, plain or as .gz or .zst')
    .option('--all', 'show records that tell nothing of their own, too')
    .addHelpText('after', HELP);
  addJsonOption(addConfigOption(test)).action(async (files: readonly string[], options: ProfileTestOptions) => {
    const { testProfiles } = await import('../profile-test/test-profiles.ts');
    await testProfiles(invocation, files, options);
  });
  return profile.addCommand(test);
}
