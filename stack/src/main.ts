// `npm run stack`: everything an SRE has, on this machine, without containers.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { anyPorts, USUAL_PORTS } from './addresses.ts';
import { repeatExample } from './example-app.ts';
import { type AlertMessage, Messages } from './messages.ts';
import { sendRecordings, waitUntilVisible } from './send-recordings.ts';
import { Stack } from './stack.ts';

const HELP = `
Needs Go for the first run, which builds the Collector, Prometheus and Alertmanager: some ten minutes on two cores. They are kept in ~/.cache/turnmeter.
Ctrl-C ends all, the Collector first.

Examples:
  $ npm run stack
  $ npm run stack -- --example
  $ npm run stack -- --once --free-ports
`;
const TENANT = 'acme';
/** Beside `.turnmeter`, which is the data of a service that is run by itself. */
const KEPT_IN = '.turnmeter-stack';
const FOR_EVER = new Promise<never>(() => undefined);

interface Options {
  readonly directory?: string;
  readonly freePorts?: true;
  readonly example?: true;
  readonly once?: true;
}

const command = new Command('npm run stack --')
  .description(
    'Turnmeter, Collector, Prometheus and Alertmanager side by side, with the files that docker compose mounts.',
  )
  .option('--directory <directory>', `secrets and data; what is there is used again (default: ${KEPT_IN})`)
  .option('--free-ports', 'any free ports instead of those of compose')
  .option('--example', 'let an app with agents send to the Collector, again and again')
  .option('--once', 'send recorded chats, wait until Prometheus shows what they cost, and end')
  .addHelpText('after', HELP)
  .action(run);

try {
  await command.parseAsync();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function run(options: Options): Promise<void> {
  const isPassing = options.once === true && options.directory === undefined;
  const directory = isPassing
    ? await mkdtemp(path.join(tmpdir(), 'turnmeter-stack-'))
    : path.resolve(options.directory ?? KEPT_IN);
  const ports = options.freePorts === true ? await anyPorts() : USUAL_PORTS;
  const stack = await Stack.prepare({ directory, ports, tenants: [TENANT], progress: say });
  const messages = await Messages.listen(ports.messages, tellMessage);
  const stopping = new AbortController();
  try {
    await Promise.race([serve(stack, options, stopping.signal), signalled()]);
  } finally {
    stopping.abort();
    await stack.stop();
    await messages.stop();
    if (isPassing) await rm(directory, { recursive: true, force: true });
  }
}

/** Until what was asked for is done, or a program fails. */
async function serve(stack: Stack, options: Options, stopping: AbortSignal): Promise<void> {
  await stack.startAll();
  const headers = await stack.otlpHeaders(TENANT);
  printAddresses(stack, headers);
  const app = options.example === true ? repeatExample(stack, headers, stopping) : undefined;
  await Promise.race([options.once === true ? sendOnce(stack) : (app ?? FOR_EVER), stack.failure()]);
}

async function sendOnce(stack: Stack): Promise<void> {
  const requests = await sendRecordings(stack, TENANT);
  say(`${requests} recorded chats are sent to the Collector`);
  let shown = '';
  const seen = await waitUntilVisible(stack, TENANT, ({ ledgerUsd, prometheusUsd }) => {
    const line = `the ledger has ${ledgerUsd} USD, Prometheus ${prometheusUsd} USD`;
    if (line !== shown) say(line);
    shown = line;
  });
  say(`the ledger has ${seen.ledgerUsd} USD, and so has Prometheus`);
}

function printAddresses(stack: Stack, headers: string): void {
  process.stdout.write(`
Turnmeter     ${stack.url('turnmeter')}
Prometheus    ${stack.url('prometheus')}
Alertmanager  ${stack.url('alertmanager')}
Keys          ${path.join(stack.directory, 'secrets')}

Send as ${TENANT} (OTLP/gRPC: port ${stack.ports.otlpGrpc}):
  export OTEL_EXPORTER_OTLP_ENDPOINT=${stack.url('otlpHttp')}
  export OTEL_EXPORTER_OTLP_HEADERS="${headers}"

`);
}

function tellMessage({ receiver, alerts }: AlertMessage): void {
  for (const { status, annotations } of alerts) say(`${receiver} hears: ${status}: ${annotations['summary']}`);
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
