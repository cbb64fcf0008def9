import { Command, Option } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
Files are OTLP requests as an exporter sends them, or as the Collector's file exporter writes them: protobuf or JSON, one request a
file or one a line (.jsonl), plain, .gz or .zst. Which signal they hold is told by what is in them. Importing a file again changes nothing.

Examples:
  $ turnmeter import traces.pb logs.json.gz
  $ turnmeter import 'dump/**/*.pb' --tenant acme
  $ turnmeter import dump/ --data-dir ./archive         without a running service
  $ turnmeter import dump/ --url https://turnmeter.example:8318 --otlp-url https://turnmeter.example:4318
`;

export interface ImportOptions extends ServiceOptions {
  readonly otlpUrl?: string;
}

export function describeImport(invocation: Invocation): Command {
  const command = new Command('import')
    .description('Sends files of OTLP to a service, or into a data directory. Ends with 1 if anything was refused.')
    .argument('<files...>', 'files, folders or patterns')
    .addOption(
      new Option('--otlp-url <url>', "the service's OTLP/HTTP port (default: port 4318 where --url is)").env(
        'OTEL_EXPORTER_OTLP_ENDPOINT',
      ),
    )
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (files: readonly string[], options: ImportOptions) => {
    const { importFiles } = await import('../otlp-files/import-files.ts');
    await importFiles(invocation, files, options);
  });
}
