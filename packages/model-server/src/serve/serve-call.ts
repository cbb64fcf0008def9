// In: one HTTP call of one operation, and the script. Out: the answer on the wire and an entry in the ledger.
// Refused: bodies that the real API would refuse (400 in its shape), and scripts that contradict themselves (400, naming the script).

import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { completeReply, type Answer } from '../answer.ts';
import type { CallTarget, Dialect } from '../dialect.ts';
import { RequestError, ScriptError, type Failure } from '../failures.ts';
import { objectOf } from '../json.ts';
import { Outcome } from '../ledger/entry.ts';
import type { Reply } from '../script/reply.ts';
import { Endpoint, type ModelRequest } from '../script/request.ts';
import { NO_USAGE, type Usage } from '../usage.ts';
import type { Desk } from './desk.ts';
import { openEntry, headersOf } from './open-entry.ts';
import { breakJson, pauseUnlessGone, sendFrames, type Sent } from './send-frames.ts';

interface Call {
  readonly dialect: Dialect;
  readonly desk: Desk;
  readonly number: number;
  readonly requestId: string;
  readonly http: FastifyReply;
  /** Aborted when the client goes away before the end. */
  readonly gone: AbortSignal;
}

/** Serves one call. @returns when it is over. */
export async function serveCall(
  desk: Desk,
  dialect: Dialect,
  http: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  target: CallTarget = {},
): Promise<void> {
  const requestId = dialect.newRequestId();
  const number = openEntry(desk.ledger, http.request, { endpoint: dialect.endpoint, requestId });
  const call: Call = {
    dialect,
    desk,
    number,
    requestId,
    http: http.reply,
    gone: goneSignal(http.reply),
  };
  http.reply.headers(dialect.headers(requestId));
  try {
    const request = desk.receive(dialect.read(objectOf(http.request.body), target), {
      endpoint: dialect.endpoint,
      callNumber: number,
      body: objectOf(http.request.body),
      headers: headersOf(http.request),
    });
    const { model, streamed, agent, session, user, metadata } = request;
    desk.ledger.note(number, { model, streamed, agent, session, user, metadata });
    await answerCall(call, request, await desk.reply(request));
  } catch (error) {
    refuse(call, failureOf(error));
  }
}

async function answerCall(call: Call, request: ModelRequest, reply: Reply): Promise<void> {
  await pauseUnlessGone(reply.latencyMs ?? 0, call.gone);
  if (reply.hang === true && !call.gone.aborted) await once(call.gone, 'abort');
  if (call.gone.aborted) {
    call.desk.ledger.note(call.number, { outcome: Outcome.aborted, aborted: true });
    return;
  }
  const status = reply.status ?? (reply.errorAfterChunks === undefined || request.streamed ? undefined : 500);
  if (status !== undefined && status >= 400) {
    refuse(call, { status, message: reply.errorMessage }, reply.retryAfter);
    return;
  }
  const answer = completeReply(request, reply, call.dialect);
  if (request.endpoint === Endpoint.openaiResponses) call.desk.answers.add(answer);
  call.desk.ledger.note(call.number, {
    status: 200,
    responseModel: answer.model,
    responseId: call.dialect.generates ? answer.id : undefined,
  });
  if (request.streamed) await stream(call, answer, reply);
  else plain(call, answer, reply);
}

function plain(call: Call, answer: Answer, reply: Reply): void {
  const body = JSON.stringify(call.dialect.plain(answer));
  const isUnreadable = reply.malformedJson === true || reply.cutAfterChunks !== undefined;
  const isCut = reply.cutAfterChunks !== undefined;
  call.desk.ledger.note(call.number, {
    outcome: isCut ? Outcome.cut : Outcome.served,
    usage: answer.usage,
    billed: call.dialect.isBilled,
    usageSent: answer.reportsUsage && call.dialect.reportsUsage && !isUnreadable,
  });
  if (isCut) {
    call.http.hijack();
    const { raw } = call.http;
    raw.writeHead(200, {
      ...call.dialect.headers(call.requestId),
      ...JSON_TYPE,
      'content-length': Buffer.byteLength(body),
    });
    raw.write(breakJson(body), () => raw.destroy());
    return;
  }
  call.http.headers(JSON_TYPE).send(reply.malformedJson === true ? breakJson(body) : body);
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const;

async function stream(call: Call, answer: Answer, reply: Reply): Promise<void> {
  const frames = call.dialect.frames(answer);
  const { raw } = call.http;
  call.http.hijack();
  raw.writeHead(200, {
    ...call.dialect.headers(call.requestId),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const chunks = frames.filter(({ isChunk }) => isChunk === true).length;
  const settle = (sent: Sent): void => {
    const usage = usageSoFar(answer.usage, sent, chunks);
    call.desk.ledger.note(call.number, {
      outcome: sent.outcome,
      aborted: sent.outcome === Outcome.aborted,
      usage,
      billed: usage !== NO_USAGE && call.dialect.isBilled,
      usageSent: sent.usage,
    });
  };
  const errorFrame = call.dialect.errorFrame({ status: 500, message: reply.errorMessage }, call.requestId);
  settle(await sendFrames(raw, { frames, errorFrame, reply, gone: call.gone, onLast: settle }));
}

// A provider bills what it generated: all of the prompt, and the answer as far as it went. What its own error broke off is not billed.
function usageSoFar(usage: Usage, sent: Sent, chunks: number): Usage {
  if (sent.outcome === Outcome.served) return usage;
  if (sent.outcome === Outcome.failed || sent.chunks === 0) return NO_USAGE;
  const output = chunks === 0 ? usage.output : Math.ceil((usage.output * sent.chunks) / chunks);
  return { ...usage, output, reasoning: Math.min(usage.reasoning, output) };
}

function refuse(call: Call, failure: Failure, retryAfter?: number): void {
  const { status } = failure;
  call.desk.ledger.note(call.number, { status, outcome: Outcome.refused });
  const seconds = retryAfter ?? (RETRY_SOON.has(status) ? 0 : undefined);
  if (seconds !== undefined) call.http.header('retry-after', String(seconds));
  call.http.code(status).send(call.dialect.errorBody(failure, call.requestId));
}

// Clients wait half a second and longer without the header, which no test has to spare.
const RETRY_SOON: ReadonlySet<number> = new Set([429, 503, 529]);

function failureOf(error: unknown): Failure {
  if (error instanceof RequestError) return error.failure;
  // 400, since clients repeat what ends with 500, and a script does not get better by that.
  if (error instanceof ScriptError) return { status: 400, message: error.message, code: error.code };
  return { status: 500, message: `the model server itself failed: ${String(error)}` };
}

function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
