import { setTimeout as wait } from 'node:timers/promises';
import { readAgents, readFinalized } from './read-report.ts';
import { ReportReason, type SessionReport } from './session-report.ts';

/** Where an aggregator is, and who asks. */
export interface AggregatorAddress {
  /** Such as `http://127.0.0.1:8318`. */
  readonly url: string;
  readonly key?: string | undefined;
  readonly tenant?: string | undefined;
}

/** A session to be finalized. */
export interface Finalization {
  readonly sessionId: string;
  /** What this process counted: an aggregator that has less has not got everything yet. */
  readonly tokensMin: number;
  /** Gives up then, whatever is under way. */
  readonly signal: AbortSignal;
}

/** A report, or why there is none. */
export type Finalized = { readonly report: SessionReport } | { readonly reason: ReportReason };

/** Finalizes a session at an aggregator, as soon as that has got the telemetry. Never throws. */
export async function finalizeAt(address: AggregatorAddress, finalization: Finalization): Promise<Finalized> {
  try {
    await flush(address, finalization.signal);
    return await finalizeComplete(address, finalization);
  } catch (error) {
    return { reason: error instanceof NoAnswer ? error.reason : reasonOf(finalization.signal) };
  }
}

/** An answer that ends the asking. */
class NoAnswer extends Error {
  readonly reason: ReportReason;

  constructor(reason: ReportReason, message: string) {
    super(message);
    this.name = 'NoAnswer';
    this.reason = reason;
  }
}

/** An address, and when to give up. */
export interface Asking extends AggregatorAddress {
  readonly signal: AbortSignal;
}

/** What was answered; a body that is no JSON is undefined. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** How long telemetry that was sent may take to be there; it is on disk before it is acknowledged, so this is rare. */
const PATIENCE_MS = 3000;
const PAUSE_MS = 150;
/** A report has some kilobytes; whatever is larger is none. */
const BODY_CHARACTERS_MAX = 4 * 1024 * 1024;

/** Only to have it sooner: what finalizes finds out by itself whether all is there. */
async function flush(address: AggregatorAddress, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  await ask({ ...address, signal: patience }, 'POST', '/flush').catch(() => undefined);
}

async function finalizeComplete(
  address: AggregatorAddress,
  { sessionId, tokensMin, signal }: Finalization,
): Promise<Finalized> {
  const untilMs = performance.now() + PATIENCE_MS;
  const path = `/sessions/${encodeURIComponent(sessionId)}`;
  // Without keys the header alone says whose data it is: the exporter may have sent it without one, as the default tenant.
  const askings: readonly Asking[] = [
    { ...address, signal },
    ...(address.tenant === undefined ? [] : [{ ...address, tenant: undefined, signal }]),
  ];
  for (;;) {
    const isLast = performance.now() >= untilMs;
    const report = await finalizeOnce(askings, path);
    if (report !== undefined && report.session_summary.total_tokens >= tokensMin) return { report };
    if (isLast && report === undefined) return { reason: ReportReason.UNKNOWN_SESSION };
    if (isLast && report !== undefined) return { report: { ...report, reason: ReportReason.AGGREGATOR_HAS_LESS } };
    await wait(PAUSE_MS, undefined, { signal });
  }
}

/** Undefined where nobody knows the session (yet). */
async function finalizeOnce(askings: readonly Asking[], path: string): Promise<SessionReport | undefined> {
  const statuses: number[] = [];
  for (const asking of askings) {
    const { status, body } = await ask(asking, 'POST', `${path}/finalize`);
    const report = status === 200 ? readFinalized(body) : undefined;
    if (report !== undefined) {
      return { ...report, agent_performance: readAgents((await ask(asking, 'GET', path)).body) ?? {} };
    }
    statuses.push(status);
  }
  if (statuses.includes(404)) return undefined;
  const isRefused = statuses.every((status) => REFUSALS.has(status));
  throw new NoAnswer(
    isRefused ? ReportReason.REFUSED : ReportReason.UNEXPECTED_ANSWER,
    `status ${statuses.join(', ')}`,
  );
}

/** No key, a wrong one, one that may only read, or a tenant that is not the key's. */
const REFUSALS = new Set([400, 401, 403]);

/** Asks once. Rejects where nobody answers in time. */
export async function ask(
  { url, key, tenant, signal }: Asking,
  method: 'GET' | 'POST',
  path: string,
  sent?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(new URL(`/api/v1${path}`, url), {
    method,
    signal,
    redirect: 'error',
    ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    headers: {
      ...headers,
      accept: 'application/json',
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
    },
  });
  return { status: response.status, body: parseJson(await readText(response)) };
}

/** Reads no further than an answer of ours would go, so that one without an end does not fill memory until its time is up. */
async function readText({ body }: Response): Promise<string> {
  let text = '';
  const decoded = body?.pipeThrough(new TextDecoderStream()) ?? [];
  for await (const part of decoded as AsyncIterable<string> | readonly string[]) {
    text += part;
    if (text.length > BODY_CHARACTERS_MAX) return '';
  }
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Aborted is too slow; all else is a connection that failed. */
function reasonOf(signal: AbortSignal): ReportReason {
  return signal.aborted ? ReportReason.TIMEOUT : ReportReason.UNREACHABLE;
}
