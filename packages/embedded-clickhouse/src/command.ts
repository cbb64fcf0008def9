import { Command, InvalidArgumentError, Option } from 'commander';
import { styleText } from 'node:util';
import { EmbeddedClickHouseError } from './errors.ts';
import { EngineState, type EmbeddedClickHouseOptions, type EngineStateChange } from './options.ts';
import { startEmbeddedClickHouse } from './start.ts';

/** What the command needs of the process it runs in. */
export interface CommandEnvironment {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

interface CommandOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly memory?: number;
  readonly queries?: number;
  readonly allowExternalSources?: true;
  readonly engineLog?: string;
  readonly setting: Readonly<Record<string, string>>;
  readonly serverSetting: Readonly<Record<string, string>>;
  readonly json?: true;
}

/** Runs the command to its end, which is SIGINT, SIGTERM or an error. @returns its exit code. */
export async function runCommand(argv: readonly string[], environment: CommandEnvironment): Promise<number> {
  const command = describeCommand();
  let exitCode = 0;
  command.action(async (options: CommandOptions) => {
    exitCode = await serve(options, environment);
  });
  await command.parseAsync(argv);
  return exitCode;
}

async function serve(options: CommandOptions, environment: CommandEnvironment): Promise<number> {
  const { stdout, stderr } = environment;
  const failure = Promise.withResolvers<EngineStateChange>();
  const startedAt = performance.now();
  try {
    const engine = await startEmbeddedClickHouse({
      ...engineOptions(options, environment.env),
      onStateChange: (change) => {
        if (change.state === EngineState.failed) failure.resolve(change);
        if (options.json !== true || change.state === EngineState.failed)
          stderr.write(`${describeChange(change, stderr)}\n`);
      },
    });
    const { url, port, version, pid } = engine;
    const ms = Math.round(performance.now() - startedAt);
    stdout.write(
      options.json === true
        ? `${JSON.stringify({ url, port, version, pid, data_dir: options.dataDir })}\n`
        : `${styleText('green', 'ready', { stream: stdout })}  ClickHouse ${version} on ${styleText('bold', url, { stream: stdout })}  ` +
            `data in ${options.dataDir}, ${ms} ms\n`,
    );
    const failed = await Promise.race([failure.promise, signalled(environment)]);
    await engine.stop();
    return failed === undefined ? 0 : 1;
  } catch (error) {
    if (!(error instanceof EmbeddedClickHouseError)) throw error;
    stderr.write(`${styleText('red', 'error', { stream: stderr })}  ${error.message} (${error.code})\n`);
    return 1;
  }
}

function describeCommand(): Command {
  return new Command('embedded-clickhouse')
    .description("Serves ClickHouse's HTTP interface for a data directory, on a loopback port.")
    .requiredOption('--data-dir <directory>', 'the database; made if it is not there')
    .addOption(new Option('--port <number>', '0 takes any free one').default(8123).argParser(parseInteger))
    .option('--host <address>', 'loopback address to listen on', '127.0.0.1')
    .addOption(
      new Option('--memory <bytes>', 'memory of the engine (default: half of the machine)').argParser(parseInteger),
    )
    .addOption(
      new Option('--queries <number>', 'queries that run at the same time (default: 32)').argParser(parseInteger),
    )
    .option('--allow-external-sources', 'let SQL reach outside of the data directory: file(), url(), remote(), ...')
    .option('--engine-log <file>', "the engine's own log (default: none)")
    .option('--setting <name=value>', 'of every query that does not set it; may be repeated', collect, {})
    .option('--server-setting <name=value>', "one of ClickHouse's server settings; may be repeated", collect, {})
    .option('--json', 'print one line of JSON when ready')
    .addHelpText('after', HELP);
}

const HELP = `
Environment:
  CLICKHOUSE_PASSWORD      password of the user default (default: empty)

Examples:
  $ embedded-clickhouse --data-dir ./data
  $ embedded-clickhouse --data-dir ./data --port 0 --json
  {"url":"http://127.0.0.1:43127","port":43127,"version":"26.7.2.1","pid":4711,"data_dir":"./data"}
  $ embedded-clickhouse --data-dir ./data --setting max_threads=2 --server-setting mark_cache_size=67108864
  $ curl 'http://127.0.0.1:8123/?query=SELECT+version()'
`;

function engineOptions(options: CommandOptions, env: NodeJS.ProcessEnv): EmbeddedClickHouseOptions {
  const password = env['CLICKHOUSE_PASSWORD'];
  return {
    dataDir: options.dataDir,
    port: options.port,
    host: options.host,
    allowExternalSources: options.allowExternalSources ?? false,
    settings: options.setting,
    serverSettings: options.serverSetting,
    ...(options.memory === undefined ? {} : { memoryBytesMax: options.memory }),
    ...(options.queries === undefined ? {} : { runningQueriesMax: options.queries }),
    ...(options.engineLog === undefined ? {} : { engineLog: { file: options.engineLog } }),
    ...(password === undefined || password === '' ? {} : { password }),
  };
}

function parseInteger(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It has to be an integer.');
  return Number(text);
}

function collect(text: string, previous: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It has to be name=value.');
  return { ...previous, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function describeChange({ state, reason }: EngineStateChange, stream: NodeJS.WriteStream): string {
  const color = state === EngineState.failed ? 'red' : state === EngineState.restarting ? 'yellow' : 'green';
  return `${styleText(color, state, { stream })}${reason === undefined ? '' : `  after a crash: ${reason}`}`;
}

function signalled(environment: CommandEnvironment): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) environment.once(signal, () => resolve(undefined));
  });
}
