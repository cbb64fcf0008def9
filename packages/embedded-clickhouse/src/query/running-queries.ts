import { setTimeout as delay } from 'node:timers/promises';
import { ClickHouseException } from '../clickhouse-exception.ts';
import { QUERY_ID_SETTING } from '../engine/engine-config.ts';
import type { EngineConnection } from '../engine/native-engine.ts';
import { quoteText } from '../sql/literals.ts';

/** What the engine tells of a query while it runs. */
export interface Progress {
  readonly read_rows: string;
  readonly read_bytes: string;
  readonly total_rows_to_read: string;
  readonly memory_usage: string;
}

/** A query that runs, or is about to. */
export interface RunningQuery {
  readonly queryId: string;
  /** What its connection carries in the setting: its id, or its session's mark. */
  readonly mark: string;
}

/** Knows the queries that run, and stops them. */
export class RunningQueries {
  readonly #byId = new Map<string, RunningQuery>();
  readonly #control: EngineConnection;
  /** The control connection runs one statement at a time. */
  #controlQueue: Promise<unknown> = Promise.resolve();

  /** The connection is for this alone: it has to be free when all others are busy. */
  constructor(control: EngineConnection) {
    this.#control = control;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** @throws ClickHouseException if a query of this id runs already. */
  add(query: RunningQuery): void {
    if (this.#byId.has(query.queryId)) {
      throw ClickHouseException.of(
        'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
        `Query with id = ${query.queryId} is already running`,
      );
    }
    this.#byId.set(query.queryId, query);
  }

  remove(query: RunningQuery): void {
    this.#byId.delete(query.queryId);
  }

  /**
   * Stops a query and returns when the engine is done with it. One KILL is not always enough: it finds nothing while the
   * query is still being parsed.
   */
  async stop(query: RunningQuery, settled: Promise<unknown>): Promise<void> {
    let isSettled = false;
    const done = settled.then(
      () => (isSettled = true),
      () => (isSettled = true),
    );
    for (let attempt = 0; !isSettled; attempt++) {
      await this.#ask(`KILL QUERY WHERE ${setting()} = ${quoteText(query.mark)} ASYNC`).catch(() => undefined);
      const pauseMs = Math.min(20 * 2 ** attempt, KILL_PAUSE_MS_MAX);
      await Promise.race([done, delay(pauseMs, undefined, { ref: false })]);
    }
  }

  /** What the engine has done for the query so far; undefined if it has not begun or is done. */
  async progress(query: RunningQuery): Promise<Progress | undefined> {
    const rows = await this.#ask(
      `SELECT toString(read_rows) AS read_rows, toString(read_bytes) AS read_bytes,
              toString(total_rows_approx) AS total_rows_to_read, toString(memory_usage) AS memory_usage
       FROM system.processes WHERE ${setting()} = ${quoteText(query.mark)} FORMAT JSONEachRow`,
    );
    return rows === '' ? undefined : (JSON.parse(rows) as Progress);
  }

  /** The SQL that gives the id of a query in `system.processes`. Queries of a session carry the session's mark instead. */
  queryIdExpression(): string {
    const inSessions = [...this.#byId.values()].filter(({ queryId, mark }) => queryId !== mark);
    if (inSessions.length === 0) return setting();
    const marks = inSessions.map(({ mark }) => quoteText(mark)).join(', ');
    const ids = inSessions.map(({ queryId }) => quoteText(queryId)).join(', ');
    return `transform(${setting()}, [${marks}], [${ids}], ${setting()})`;
  }

  #ask(sql: string): Promise<string> {
    const answer = this.#controlQueue.then(async () => (await this.#control.query(sql)).bytes.toString('utf8'));
    this.#controlQueue = answer.catch(() => undefined);
    return answer;
  }
}

const KILL_PAUSE_MS_MAX = 1000;

function setting(): string {
  return `Settings[${quoteText(QUERY_ID_SETTING)}]`;
}
