import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { boundHeap } from '../service/bound-heap.ts';
import { type RunningService, startService } from '../service.ts';
import { commandName } from './command-name.ts';
import type { UpOptions } from './commands/up.ts';
import type { Invocation } from './invocation.ts';
import { DEFAULT_URL } from './options.ts';
import { formatSeconds } from './text/amounts.ts';
import { Spinner } from './text/spinner.ts';

/** Runs the service until a signal. */
export async function serve(invocation: Invocation, options: UpOptions): Promise<void> {
  const { terminal, signal } = invocation;
  const readConfig = (): Config => parseConfig({ file: options.config, env: terminal.env, flags: flagsOf(options) });
  const config = readConfig();
  boundHeap();
  const startedAt = performance.now();
  const starting = new Spinner(invocation, 'starting the database and reading back what was open');
  const service = await start(config, invocation).finally(() => starting.stop());
  const seconds = (performance.now() - startedAt) / 1000;
  if (options.json === true) invocation.print(JSON.stringify(portsOf(service)));
  else invocation.print(...welcome(invocation, { service, config, seconds }));
  const release = reloadAtHangup(invocation, () => service.reload(readConfig));
  await new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', resolve, { once: true });
  });
  await stop(service, invocation, options);
  release();
}

/** On a terminal SIGHUP says that it was closed, and ends the process as it ends others. */
function reloadAtHangup({ terminal }: Invocation, onHangup: () => void): () => void {
  if (terminal.stdout.isTTY || terminal.stderr.isTTY) return () => undefined;
  terminal.on('SIGHUP', onHangup);
  return () => terminal.off('SIGHUP', onHangup);
}

function flagsOf(options: UpOptions): Readonly<Record<string, unknown>> {
  return {
    data_dir: options.dataDir,
    'otlp.http_port': options.otlpPort,
    'otlp.grpc_port': options.grpcPort,
    'http.port': options.httpPort,
    'clickhouse.url': options.clickhouseUrl,
    'log.level': options.logLevel,
  };
}

function start(config: Config, { terminal, signal }: Invocation): Promise<RunningService> {
  const logger = pino({ level: config.log.level, base: null }, terminal.stderr);
  return startService(config, { logger, signal });
}

function portsOf({ otlpPort, grpcPort, httpPort }: RunningService): object {
  return { otlp_port: otlpPort, grpc_port: grpcPort, http_port: httpPort };
}

/** What to do now that it runs. */
function welcome(
  { paint, terminal }: Invocation,
  { service, config, seconds }: { service: RunningService; config: Config; seconds: number },
): readonly string[] {
  const { otlpUrl, apiUrl, grpcPort } = service;
  const database = config.clickhouse.url === undefined ? 'embedded ClickHouse' : 'ClickHouse server';
  return [
    `${paint('good', 'ready')} in ${formatSeconds(seconds)}`,
    '',
    `  send   ${paint('title', otlpUrl)}  OTLP/HTTP, protobuf or JSON; OTLP/gRPC on port ${grpcPort}`,
    `  read   ${paint('title', `${apiUrl}/api/v1`)}  JSON API; /metrics for Prometheus`,
    `  data   ${config.data_dir}  ${database}`,
    '',
    'Now, in another terminal:',
    `  OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl} node your-app.js   any language, any agent framework`,
    `  ${commandName(terminal.env)} sessions${apiUrl === DEFAULT_URL ? '' : ` --url ${apiUrl}`}`,
    ...(config.keys.length === 0 ? [paint('faint', '  (no keys are configured: only this machine reaches it)')] : []),
  ];
}

async function stop(service: RunningService, invocation: Invocation, { json }: UpOptions): Promise<void> {
  const startedAt = performance.now();
  if (json !== true) invocation.note('stopping: storing what was received (once more to stop at once)');
  await service.stop();
  if (json !== true) invocation.note(`stopped in ${formatSeconds((performance.now() - startedAt) / 1000)}`);
}
