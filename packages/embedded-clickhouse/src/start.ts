import { FrontDoor } from './front-door.ts';
import { resolveOptions, type EmbeddedClickHouseOptions, type EngineState } from './options.ts';
import { Supervisor } from './supervisor.ts';

/** A running engine. */
export interface EmbeddedClickHouse {
  /** Where it listens, for `@clickhouse/client` and whatever else speaks ClickHouse's HTTP interface. */
  readonly url: string;
  readonly port: number;
  /** Of ClickHouse, such as `26.7.2.1`. */
  readonly version: string;
  /** Of the engine's process; undefined while it is not running. It changes with a restart. */
  readonly pid: number | undefined;
  readonly state: EngineState;
  /** Stops listening, lets running queries end for `stopTimeoutMs`, and closes the data directory. */
  stop(): Promise<void>;
}

/**
 * Opens a data directory with the ClickHouse engine in a process of its own, and serves ClickHouse's HTTP interface for it
 * on a loopback port. The process is started again if it crashes, and ends with this one, however that ends.
 *
 * @example
 * ```ts
 * import { createClient } from '@clickhouse/client';
 * import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
 *
 * const engine = await startEmbeddedClickHouse({ dataDir: './data' });
 * const client = createClient({ url: engine.url });
 * const rows = await client.query({ query: 'SELECT version()', format: 'JSONEachRow' });
 * console.log(await rows.json());
 * await client.close();
 * await engine.stop();
 * ```
 * @throws EmbeddedClickHouseError
 */
export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const resolved = resolveOptions(options);
  const door = new FrontDoor(
    resolved.restartWaitMs,
    () => `The embedded engine is ${supervisor.state}: ${supervisor.reason}`,
  );
  const supervisor = new Supervisor(resolved, door);
  const port = await door.listen(resolved.port, resolved.host);
  try {
    await supervisor.start();
  } catch (error) {
    door.close();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    door.close();
    await supervisor.stop();
  };
  const { host } = resolved;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    get version() {
      return supervisor.version;
    },
    get pid() {
      return supervisor.pid;
    },
    get state() {
      return supervisor.state;
    },
    stop: () => (stopping ??= stop()),
  };
}
