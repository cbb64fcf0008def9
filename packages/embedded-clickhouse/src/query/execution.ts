import type { EngineConnection } from '../engine/native-engine.ts';
import { sqlFromInfile, sqlIntoOutfile, sqlOfCommand, type Statement } from '../sql/statement.ts';
import { ResultPipe } from './result-pipe.ts';
import type { RunningQueries, RunningQuery } from './running-queries.ts';

/** Takes the rows of a query as they come. */
export interface ResultSink {
  /** Resolves when more may come. Rejects if nobody wants more; the query is then stopped. */
  write(chunk: Uint8Array): Promise<void>;
}

/** What is known of a query at its end. */
export interface QuerySummary {
  readonly resultRows: number;
  readonly resultBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
}

/** A statement on the connection that it runs on. */
export interface Execution {
  readonly connection: EngineConnection;
  readonly query: RunningQuery;
  readonly running: RunningQueries;
  /** The named pipe for its rows. */
  readonly pipe: string;
  readonly defaultFormat: string;
  /** The file with the data, if the statement is an INSERT that takes some. */
  readonly dataFile: string | undefined;
  readonly sink: ResultSink;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
}

/** Runs one statement. It settles when the engine is done, also where the statement was stopped. */
export function execute(statement: Statement, execution: Execution): Promise<QuerySummary> {
  const { connection, dataFile } = execution;
  switch (statement.kind) {
    case 'rows':
      return readRows(sqlIntoOutfile(statement, execution.pipe, execution.defaultFormat), execution);
    case 'insert':
      return write(connection.write(sqlFromInfile(statement, dataFile ?? '')), execution);
    case 'command': {
      const sql = sqlOfCommand(statement, execution.running.queryIdExpression());
      return statement.facts.isInsertSelect ? write(connection.write(sql), execution) : command(sql, execution);
    }
  }
}

async function readRows(sql: string, execution: Execution): Promise<QuerySummary> {
  const pipe = new ResultPipe(execution.pipe);
  const outcome = execution.connection.query(sql).finally(() => pipe.end());
  const stop = stopOnAbort(execution, outcome);
  let refused: unknown;
  const refuse = (reason: unknown): void => {
    refused ??= reason;
    stop();
  };
  // The pipe is emptied to its end even if nobody wants the rows any more, since the engine may be blocked by it.
  try {
    for await (const chunk of pipe.output as AsyncIterable<Buffer>) {
      if (refused === undefined && !execution.signal.aborted) await execution.sink.write(chunk).catch(refuse);
    }
  } catch (error) {
    refuse(error);
  }
  const { rowsRead, bytesRead } = await outcome.catch((error: unknown) => {
    throw refused ?? error;
  });
  if (refused !== undefined) throw refused;
  return { ...NOTHING, resultRows: rowsRead, resultBytes: bytesRead };
}

async function command(sql: string, execution: Execution): Promise<QuerySummary> {
  const outcome = execution.connection.query(sql, execution.defaultFormat);
  stopOnAbort(execution, outcome);
  const { bytes, rowsRead, bytesRead } = await outcome;
  if (bytes.length > 0) await execution.sink.write(bytes);
  return { ...NOTHING, resultRows: rowsRead, resultBytes: bytesRead };
}

async function write(
  outcome: Promise<{ readonly rowsWritten: number; readonly bytesWritten: number }>,
  execution: Execution,
): Promise<QuerySummary> {
  stopOnAbort(execution, outcome);
  const { rowsWritten, bytesWritten } = await outcome;
  return { ...NOTHING, writtenRows: rowsWritten, writtenBytes: bytesWritten };
}

const NOTHING: QuerySummary = { resultRows: 0, resultBytes: 0, writtenRows: 0, writtenBytes: 0 };

/** Stops the query when the client goes, or when the returned function is called. */
function stopOnAbort({ signal, running, query }: Execution, outcome: Promise<unknown>): () => void {
  const stop = (): void => void running.stop(query, outcome);
  signal.addEventListener('abort', stop, { once: true });
  const forget = (): void => signal.removeEventListener('abort', stop);
  outcome.then(forget, forget);
  return stop;
}
