import { ClickHouseException } from '../clickhouse-exception.ts';
import { LOCAL_DATABASE_ENGINES, QUERY_ID_SETTING } from '../engine/engine-config.ts';
import type { NativeEngine } from '../engine/native-engine.ts';
import { findOutsideCall } from '../sql/outside-call.ts';
import type { Statement } from '../sql/statement.ts';
import { execute, type Execution, type QuerySummary, type ResultSink } from './execution.ts';
import { prepare, withPrepared } from './preparation.ts';
import type { QueryRequest, SessionRequest } from './query-request.ts';
import type { RunningQueries, RunningQuery } from './running-queries.ts';
import type { Sessions } from './sessions.ts';
import type { SlotPool } from './slots.ts';

/** A statement with all it needs. */
export interface QueryTask {
  readonly request: QueryRequest;
  readonly statement: Statement;
  /** The file with the data, if the statement is an INSERT that takes some. */
  readonly dataFile: string | undefined;
  readonly sink: ResultSink;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  /** Called when the query is about to run, with what it can be found by. */
  readonly onRunning?: (query: RunningQuery) => void;
}

/** What a runner runs on. */
export interface QueryRunnerParts {
  readonly engine: NativeEngine;
  readonly slots: SlotPool;
  readonly running: RunningQueries;
  readonly sessions: Sessions;
  readonly allowExternalSources: boolean;
}

/** Runs statements on the engine, each on a connection of its own unless it names a session. */
export class QueryRunner {
  readonly #parts: QueryRunnerParts;

  constructor(parts: QueryRunnerParts) {
    this.#parts = parts;
  }

  /**
   * Runs one statement to its end. When the signal aborts it is stopped, whatever it is; the promise settles when the
   * engine is done with it.
   *
   * @throws ClickHouseException
   */
  async run(task: QueryTask): Promise<QuerySummary> {
    if (!this.#parts.allowExternalSources) refuseOutside(task.statement);
    const { session } = task.request;
    return session === undefined ? this.#runAlone(task) : this.#runInSession(task, session);
  }

  #runAlone(task: QueryTask): Promise<QuerySummary> {
    const { queryId } = task.request;
    return this.#admit(task, { queryId, mark: queryId }, async (execution) => {
      const connection = this.#parts.engine.connect({ [QUERY_ID_SETTING]: queryId });
      try {
        await prepare(connection, task.request);
        task.signal.throwIfAborted();
        return await execute(task.statement, { ...execution, connection });
      } finally {
        connection.close();
      }
    });
  }

  async #runInSession(task: QueryTask, session: SessionRequest): Promise<QuerySummary> {
    const request = withoutReadOnly(task);
    const held = this.#parts.sessions.hold(session);
    const { connection, mark } = held;
    try {
      return await this.#admit(task, { queryId: request.queryId, mark }, (execution) =>
        withPrepared(connection, request, () => execute(task.statement, { ...execution, connection })),
      );
    } finally {
      held.release();
    }
  }

  async #admit(
    task: QueryTask,
    query: RunningQuery,
    run: (execution: Omit<Execution, 'connection'>) => Promise<QuerySummary>,
  ): Promise<QuerySummary> {
    const { running, slots } = this.#parts;
    const { request, dataFile, sink, signal } = task;
    running.add(query);
    try {
      const slot = await slots.acquire(signal);
      try {
        task.onRunning?.(query);
        const { defaultFormat } = request;
        return await run({ query, running, pipe: slot.pipe, defaultFormat, dataFile, sink, signal });
      } finally {
        slot.release();
      }
    } catch (error) {
      throw error instanceof ClickHouseException ? error : ClickHouseException.fromEngine(error);
    } finally {
      running.remove(query);
    }
  }
}

function refuseOutside(statement: Statement): void {
  const { sql } = statement;
  const call = findOutsideCall(statement.kind === 'insert' ? sql.subarray(0, statement.head.dataStart) : sql);
  const engine = statement.kind === 'command' ? statement.facts.databaseEngine : undefined;
  const isRemote = engine !== undefined && !LOCAL_DATABASE_ENGINES.has(engine);
  if (call === undefined && !isRemote) return;
  throw ClickHouseException.of(
    'ACCESS_DENIED',
    `${call === undefined ? `The database engine ${engine}` : `${call}()`} reaches outside of the data directory, ` +
      'which this engine was not started to allow',
  );
}

/**
 * On a connection of its own, the setting `readonly` keeps a request from changing anything. On a session's connection it
 * could never be taken back, so there the kind of statement has to do.
 */
function withoutReadOnly({ request, statement }: QueryTask): QueryRequest {
  const settings = new Map(request.settings);
  const isReadOnly = request.isReadOnly || ['1', '2'].includes(settings.get('readonly') ?? '0');
  settings.delete('readonly');
  if (isReadOnly && statement.kind !== 'rows') {
    throw ClickHouseException.of('READONLY', 'Cannot execute query in readonly mode');
  }
  return { ...request, settings, isReadOnly: false };
}
