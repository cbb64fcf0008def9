import { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addJsonOption, type OutputOptions } from '../options.ts';
import { readVersion } from '../read-version.ts';

const HELP = `
Examples:
  $ turnmeter version
  $ turnmeter version --json
  {"turnmeter":"1.0.0","prices":"genai-prices@0.1.8","node":"v24.21.0","platform":"linux-x64"}
`;

export function describeVersion(invocation: Invocation): Command {
  const command = new Command('version')
    .description('Prints versions of this program and what it runs on.')
    .addHelpText('after', HELP);
  return addJsonOption(command).action(async ({ json }: OutputOptions) => {
    const { bundledSnapshot } = await import('@turnmeter/pricing');
    const versions = {
      turnmeter: readVersion(),
      prices: bundledSnapshot().label,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    };
    if (json === true) invocation.printJson(versions);
    else invocation.print(...Object.entries(versions).map(([name, version]) => `${name.padEnd(10)}${version}`));
  });
}
