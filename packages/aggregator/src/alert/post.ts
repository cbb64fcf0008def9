// Sends one message once. In: where, and what. Out: what became of it. Never an exception: a receiver's faults are answers too.

import http from 'node:http';
import https from 'node:https';
import { TargetError } from './alert-error.ts';
import { signatureHeaders } from './signature.ts';
import { checkTargetUrl, pinnedLookup, type TargetRules } from './target.ts';

export interface WebhookMessage {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly body: string;
}

export interface PostOptions extends TargetRules {
  readonly nowMs: () => number;
  /** From the look-up of the name to the end of the answer, ms. @default 15000, as Standard Webhooks recommends at least */
  readonly timeoutMs?: number;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of an attempt. */
export type PostOutcome =
  /** Answered with 2xx. */
  | 'delivered'
  /** Answered with 410: nobody wants messages there any more. */
  | 'gone'
  /** Answered otherwise; 3xx too, since redirects are not followed. */
  | 'refused'
  /** No answer in time, or no connection. */
  | 'unreachable'
  /** Not sent, since the address may not be connected to. */
  | 'forbidden';

export interface PostResult {
  readonly outcome: PostOutcome;
  /** Of the answer; undefined without one. */
  readonly status: number | undefined;
  /** Begin of the answer's body, as text; for the person who tests. */
  readonly answer: string;
  /** Why there is no answer, without addresses of this network. Empty with one. */
  readonly error: string;
  readonly tookMs: number;
}

const TIMEOUT_MS = 15_000;
/** Of an answer; the rest is not read. */
const ANSWER_BYTES_MAX = 1024;

export async function postMessage(message: WebhookMessage, options: PostOptions): Promise<PostResult> {
  const startedMs = performance.now();
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  const took = (): number => Math.round(performance.now() - startedMs);
  try {
    const { status, answer } = await unlessAborted(signal, () => exchange(message, options, signal));
    return { outcome: outcomeOf(status), status, answer, error: '', tookMs: took() };
  } catch (error) {
    const isForbidden = error instanceof TargetError && !error.retryable;
    const text = timeout.aborted ? 'no answer in time' : reasonOf(error);
    const outcome = isForbidden ? 'forbidden' : 'unreachable';
    return { outcome, status: undefined, answer: '', error: text, tookMs: took() };
  }
}

function outcomeOf(status: number): PostOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  return status === 410 ? 'gone' : 'refused';
}

/** A look-up cannot be cancelled; whoever waits for it can go on. */
async function unlessAborted<Result>(signal: AbortSignal, run: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  let giveUp: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([run(), aborted]);
  } finally {
    if (giveUp !== undefined) signal.removeEventListener('abort', giveUp);
  }
}

interface Exchange {
  readonly status: number;
  readonly answer: string;
}

async function exchange(
  { id, url: address, secret, body }: WebhookMessage,
  options: PostOptions,
  signal: AbortSignal,
): Promise<Exchange> {
  const url = checkTargetUrl(address, options);
  const lookup = await pinnedLookup(url, options);
  const headers = {
    ...signatureHeaders(secret, { id, body, nowMs: options.nowMs() }),
    'content-type': 'application/json',
    'content-length': `${Buffer.byteLength(body)}`,
    'user-agent': 'turnmeter',
  };
  const { request: open } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    // No agent: a kept connection would go to where a name led before.
    const request = open(url, { method: 'POST', headers, lookup, signal, agent: false }, (response) => {
      readAnswer(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
    });
    // More than one may come: of the answer that is left, too.
    request.on('error', reject);
    request.end(body);
  });
}

async function readAnswer(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes >= ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString('utf8');
}

/** Codes of connections (`ECONNREFUSED`, `CERT_HAS_EXPIRED`) say enough, and messages would tell addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof TargetError) return error.message;
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === '' ? 'the connection failed' : `the connection failed: ${code}`;
}
