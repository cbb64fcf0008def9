import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { ClickHouseException } from '../clickhouse-exception.ts';
import type { InsertSpool, SpooledData } from '../query/insert-spool.ts';
import type { QueryRunner } from '../query/query-runner.ts';
import type { RunningQueries, RunningQuery } from '../query/running-queries.ts';
import type { Statement } from '../sql/statement.ts';
import { Answer, type ServerInfo } from './answer.ts';
import { sendException } from './exception-answer.ts';
import { readForm } from './form.ts';
import type { QueryHandler } from './http-server.ts';
import { decodeBody, readStatementAndData, readWhole } from './request-body.ts';
import { readParameters, type ParameterList, type RequestParameters } from './request-parameters.ts';

/** What queries are answered with. */
export interface QueryEndpointParts {
  readonly runner: QueryRunner;
  readonly running: RunningQueries;
  readonly spool: InsertSpool;
  readonly info: ServerInfo;
  readonly bufferedBytesMax: number;
  readonly makeId: () => string;
  readonly makeTag: () => string;
}

/** The endpoint `/` of ClickHouse's HTTP interface. */
export function createQueryEndpoint(parts: QueryEndpointParts): QueryHandler {
  return async (request, response, list) => {
    const client = clientSignal(response);
    try {
      await answerQuery(request, response, list, client, parts);
    } catch (error) {
      const exception = error instanceof ClickHouseException ? error : ClickHouseException.fromEngine(error);
      sendException(response, exception, exception.toBody(parts.info.version));
      if (!request.complete) discardRest(request);
    }
  };
}

/** Reads what is left of a body, so that the client gets to read the answer before the connection closes, if it has to. */
function discardRest(request: IncomingMessage): void {
  request.removeAllListeners('readable');
  setImmediate(() => request.resume());
  setTimeout(() => !request.complete && request.destroy(), DISCARD_MS_MAX).unref();
}

const DISCARD_MS_MAX = 10_000;

async function answerQuery(
  incoming: IncomingMessage,
  response: ServerResponse,
  list: ParameterList,
  signal: AbortSignal,
  parts: QueryEndpointParts,
): Promise<void> {
  const { parameters, statement, data } = await readRequest(incoming, list, parts);
  const spooled = statement.kind === 'insert' ? await parts.spool.write(data) : undefined;
  try {
    await runAndAnswer({ response, parameters, statement, spooled, signal }, parts);
  } finally {
    await spooled?.remove();
  }
}

async function readRequest(
  incoming: IncomingMessage,
  list: ParameterList,
  parts: QueryEndpointParts,
): Promise<{ parameters: RequestParameters; statement: Statement; data: AsyncIterable<Uint8Array> }> {
  const method = incoming.method ?? '';
  const contentType = incoming.headers['content-type'] ?? '';
  incoming.socket.setTimeout(RECEIVE_TIMEOUT_MS);
  incoming.once('end', () => incoming.socket.setTimeout(0));
  const body = decodeBody(incoming);
  if (contentType.toLowerCase().startsWith('multipart/form-data')) {
    const form = await readForm(await readWhole(body), contentType);
    const parameters = readParameters([...list, ...form], incoming.headers, method, parts.makeId);
    return { parameters, ...(await readStatementAndData(parameters.sql, Readable.from([]))) };
  }
  const parameters = readParameters(list, incoming.headers, method, parts.makeId);
  return { parameters, ...(await readStatementAndData(parameters.sql, body)) };
}

/** A client that sends nothing of the rest of its body for so long is let go. */
const RECEIVE_TIMEOUT_MS = 300_000;

interface AnswerTask {
  readonly response: ServerResponse;
  readonly parameters: RequestParameters;
  readonly statement: Statement;
  readonly spooled: SpooledData | undefined;
  readonly signal: AbortSignal;
}

async function runAndAnswer(task: AnswerTask, parts: QueryEndpointParts): Promise<void> {
  const { response, parameters, statement, spooled, signal } = task;
  const { request } = parameters;
  const head = {
    queryId: request.queryId,
    format: (statement.kind === 'insert' ? undefined : statement.facts.format?.name) ?? request.defaultFormat,
    givesRows: statement.kind === 'rows',
    timezone: request.settings.get('session_timezone') || parts.info.timezone,
    exceptionTag: parts.makeTag(),
  };
  const answer = new Answer(response, parts.info, head, {
    ...parameters.answer,
    bufferedBytesMax: parts.bufferedBytesMax,
  });
  let sampling: NodeJS.Timeout | undefined;
  const sample = (query: RunningQuery): void => {
    if (!parameters.answer.sendsProgress) return;
    sampling = setInterval(() => {
      parts.running.progress(query).then(
        (progress) => progress !== undefined && answer.addProgress(progress),
        () => undefined,
      );
    }, parameters.answer.progressIntervalMs);
  };
  try {
    const summary = await parts.runner.run({
      request,
      statement,
      dataFile: spooled?.file,
      sink: answer,
      signal,
      onRunning: sample,
    });
    await answer.finish(summary);
  } catch (error) {
    answer.fail(error instanceof ClickHouseException ? error : ClickHouseException.fromEngine(error));
  } finally {
    clearInterval(sampling);
  }
}

/** Aborts when the client is gone before it has its answer. */
function clientSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (response.writableFinished) return;
    controller.abort(ClickHouseException.of('QUERY_WAS_CANCELLED', 'Query was cancelled: its client is gone'));
  });
  return controller.signal;
}
