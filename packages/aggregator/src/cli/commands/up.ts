import { Command, Option } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addConfigOption, addJsonOption, type OutputOptions, parsePort } from '../options.ts';

const HELP = `
Settings come from options, then the environment, then the file; \`turnmeter config\` lists them all.
Ctrl-C (or SIGTERM) stops it after what was received is stored; a second one at once. Nothing that was acknowledged is lost either way.
At SIGHUP it reads keys, prices and budgets anew, unless it runs on a terminal, whose end that signal tells.

Examples:
  $ turnmeter up
  $ OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node app.js     in another terminal
  $ turnmeter up --data-dir /var/lib/turnmeter --config /etc/turnmeter.yaml
  $ turnmeter up --otlp-port 0 --grpc-port 0 --http-port 0 --json
  {"otlp_port":40217,"grpc_port":37321,"http_port":41877}
`;

export interface UpOptions extends OutputOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly otlpPort?: number;
  readonly grpcPort?: number;
  readonly httpPort?: number;
  readonly clickhouseUrl?: string;
  readonly logLevel?: string;
}

export function describeUp(invocation: Invocation): Command {
  const command = new Command('up')
    .description('Runs the service: takes OpenTelemetry data, counts it, and answers with figures.')
    .option('--data-dir <directory>', 'where everything is kept (default: .turnmeter)')
    .addOption(new Option('--otlp-port <port>', 'OTLP/HTTP; 0 takes any free one (default: 4318)').argParser(parsePort))
    .addOption(new Option('--grpc-port <port>', 'OTLP/gRPC (default: 4317)').argParser(parsePort))
    .addOption(new Option('--http-port <port>', 'JSON API and metrics (default: 8318)').argParser(parsePort))
    .option('--clickhouse-url <url>', 'a ClickHouse server instead of the embedded engine')
    .addOption(
      new Option('--log-level <level>', 'of the log on standard error').choices([
        'silent',
        'error',
        'warn',
        'info',
        'debug',
      ]),
    )
    .addHelpText('after', HELP);
  addJsonOption(addConfigOption(command), 'print one line of JSON when ready');
  return command.action(async (options: UpOptions) => {
    const { serve } = await import('../serve-until-stopped.ts');
    await serve(invocation, options);
  });
}
