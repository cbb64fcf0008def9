import { Command, Option } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addJsonOption, type OutputOptions, parsePort } from '../options.ts';

const HELP = `
The recordings are real: OTLP as agent frameworks sent it. They are sent again under new ids and with their times stretched. The service
that counts them is a whole one, on data of its own; it goes on serving until Ctrl-C, and its temporary data goes with it.

An app given by --app is run with the flag --import @turnmeter/instrumentation/register. It says on standard output which chats it holds, a line
of JSON each: {"event":"started","session":"s-1","workflow":"writers-room"} and {"event":"ended","session":"s-1"}.

Examples:
  $ turnmeter demo
  $ turnmeter demo --pace real                  as slow as models are; some three minutes
  $ turnmeter demo --once                       ends when all is shown
  $ turnmeter demo --data-dir ./demo-data       keeps what was counted
  $ turnmeter demo --once --json | jq .comparison.performance_comparison.explanation
`;

export interface DemoOptions extends OutputOptions {
  readonly pace: string;
  readonly once?: true;
  readonly app?: string;
  readonly dataDir?: string;
  readonly otlpPort?: number;
  readonly grpcPort?: number;
  readonly httpPort?: number;
}

export function describeDemo(invocation: Invocation): Command {
  const command = new Command('demo')
    .description(
      'Starts the service, sends it recorded group chats of eight agent frameworks, and shows what it makes of them.',
    )
    .addOption(new Option('--pace <pace>', 'how fast the chats go').choices(['fast', 'calm', 'real']).default('fast'))
    .option('--once', 'end when all is shown, instead of serving until Ctrl-C')
    .option(
      '--app <file>',
      'also run this Node app, which has @turnmeter/instrumentation installed, and show its chats as they happen',
    )
    .option('--data-dir <directory>', 'keep the data there (default: a temporary directory)')
    .addOption(new Option('--otlp-port <port>', 'OTLP/HTTP (default: 4318, or any free one)').argParser(parsePort))
    .addOption(new Option('--grpc-port <port>', 'OTLP/gRPC (default: 4317, or any free one)').argParser(parsePort))
    .addOption(new Option('--http-port <port>', 'JSON API (default: 8318, or any free one)').argParser(parsePort))
    .addHelpText('after', HELP);
  addJsonOption(command, 'print one JSON document when all is counted, and nothing else');
  return command.action(async (options: DemoOptions) => {
    const { runDemo } = await import('../demo/run-demo.ts');
    await runDemo(invocation, options);
  });
}
