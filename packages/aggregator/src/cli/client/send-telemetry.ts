// Sends OTLP requests as an exporter does: again while the receiver asks for it, and never what it refused.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Signal } from '@turnmeter/accounting';
import { type PartialSuccess, readPartialSuccess, readStatusMessage } from '../../decode/partial-success.ts';
import { CommandError } from '../command-error.ts';
import type { OtlpBody } from '../otlp-files/read-bodies.ts';
import { shown } from '../text/escape.ts';

export interface TelemetryTarget {
  /** Base of the OTLP/HTTP endpoint: `http://127.0.0.1:4318`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export const OTLP_PATHS: Readonly<Record<Signal, string>> = { span: 'v1/traces', log: 'v1/logs', metric: 'v1/metrics' };

const RETRYABLE = new Set([429, 502, 503, 504]);
/** Until a receiver that asks for patience is given up on. */
const PATIENCE_MS = 120_000;
const RETRY_AFTER_MAX_MS = 10_000;

/**
 * Sends one request. @returns what of it was refused; a whole request that was refused has `rejected` undefined.
 *
 * @throws CommandError when the receiver is not there, or takes nothing from this sender.
 */
export async function sendTelemetry(
  body: OtlpBody,
  target: TelemetryTarget,
): Promise<PartialSuccess | { readonly rejected: undefined; readonly message: string }> {
  const givingUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await post(body, target);
    if (answer.ok) return await readAnswer(answer, body.encoding);
    const { status } = answer;
    const said = await reasonOf(answer);
    if (status === 401 || status === 403) {
      throw new CommandError(`the service takes nothing from this sender (${status}): ${said}`, {
        advice: ['Set TURNMETER_KEY to a key that may send, and --tenant where the key has several.'],
      });
    }
    if (!RETRYABLE.has(status)) return { rejected: undefined, message: `status ${status}: ${said}` };
    if (Date.now() > givingUpAt) {
      throw new CommandError(`the service has been too busy for ${PATIENCE_MS / 1000} s (${status}): ${said}`, {
        advice: ['Import the rest later; what was imported already is counted once.'],
      });
    }
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    const waitMs = Number.isNaN(seconds) ? 1000 : Math.min(RETRY_AFTER_MAX_MS, Math.max(100, seconds * 1000));
    await sleep(waitMs, undefined, { signal: target.signal });
  }
}

async function post({ signal, encoding, bytes }: OtlpBody, target: TelemetryTarget): Promise<Response> {
  const base = target.url.endsWith('/') ? target.url : `${target.url}/`;
  try {
    return await fetch(new URL(OTLP_PATHS[signal], base), {
      method: 'POST',
      headers: {
        ...target.headers,
        'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      },
      // Its type has no buffers that are shared between threads; these are read from files.
      body: bytes as Uint8Array<ArrayBuffer>,
      signal: target.signal,
    });
  } catch (cause) {
    if (target.signal.aborted) throw cause;
    throw new CommandError(`nothing takes OTLP at ${target.url}`, {
      advice: ['Start a service with `turnmeter up`, or say where its OTLP/HTTP port is: --otlp-url.'],
      cause,
    });
  }
}

async function readAnswer(answer: Response, encoding: OtlpBody['encoding']): Promise<PartialSuccess> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (encoding === 'protobuf') return readPartialSuccess(bytes);
  const { partialSuccess = {} } = JSON.parse(Buffer.from(bytes).toString('utf8') || '{}') as {
    partialSuccess?: Readonly<Record<string, string | number>>;
  };
  const rejected = Object.entries(partialSuccess).find(([name]) => name.startsWith('rejected'))?.[1] ?? 0;
  return { rejected: Number(rejected), message: String(partialSuccess['errorMessage'] ?? '') };
}

/** The message of an OTLP `Status`, in either encoding, or what else stands there: a proxy may have answered. */
async function reasonOf(answer: Response): Promise<string> {
  const bytes = new Uint8Array(await answer.arrayBuffer().catch(() => new ArrayBuffer(0)));
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const { message, detail } = JSON.parse(text) as { message?: string; detail?: string };
    return shown(message ?? detail ?? text, 300);
  } catch {
    return shown(readStatusMessage(bytes) ?? text.trim(), 300);
  }
}
