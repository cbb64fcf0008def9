import { Command, Option } from 'commander';
import type { DoctorOptions } from '../doctor/run-doctor.ts';
import type { Invocation } from '../invocation.ts';
import { addJsonOption, DEFAULT_URL } from '../options.ts';

const HELP = `
Looks into an app's folder: packages, start commands, settings, sources. Nothing of the app is run, and nothing is written.
Asks a service, with --url, what is wrong with the data that it received in the last day.
Without either, it does what it can: the app if there is a package.json here, the service if one answers at ${DEFAULT_URL}.

Ends with 0 if all is well or could be better, with 1 if something loses data or makes figures wrong, and with 2 if it could not look.
What is concluded from the look of sources alone is marked "by the look of it": it may be wrong.

Examples:
  $ turnmeter doctor                               the app in this folder, and the service on this machine
  $ turnmeter doctor ./apps/writer                 one app; at the root of a workspace all of them
  $ turnmeter doctor --url http://127.0.0.1:8318   a running service
  $ OTEL_TRACES_SAMPLER=always_off turnmeter doctor .
  $ turnmeter doctor --json | jq '.findings[] | select(.severity == "loses_data")'
`;

export function describeDoctor(invocation: Invocation): Command {
  const command = new Command('doctor')
    .description('Finds what silently loses data, in an app or in a running service, and says the fix.')
    .argument('[folder]', 'the app: a folder with a package.json (default: this one)')
    .addOption(new Option('--url <url>', 'a running service').env('TURNMETER_URL'))
    .addOption(new Option('--key <key>', 'key for it; better in the environment').env('TURNMETER_KEY'))
    .addOption(new Option('--tenant <name>', 'tenant, where the key has several').env('TURNMETER_TENANT'))
    .option('--all', 'list also what is as it should be')
    .addHelpText('after', HELP);
  return addJsonOption(command).action(async (folder: string | undefined, options: DoctorOptions) => {
    const { runDoctor } = await import('../doctor/run-doctor.ts');
    await runDoctor(invocation, folder, options);
  });
}
