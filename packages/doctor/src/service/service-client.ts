// Asks a running service. Reads only.

import { DoctorError, DoctorErrorCode } from '../doctor-error.ts';
import { isRow, type Row, textOf } from './document.ts';

export interface ServiceClientOptions {
  /** Address of the JSON API, as `http://127.0.0.1:8318`. */
  readonly url: string;
  readonly key: string | undefined;
  readonly tenant: string | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where it is no JSON. */
  readonly document: Row | undefined;
}

/** Longer than a query may take. */
const TIMEOUT_MS = 30_000;

export class ServiceClient {
  readonly #options: ServiceClientOptions;

  constructor(options: ServiceClientOptions) {
    this.#options = options;
  }

  /** @throws DoctorError `service_unreachable` */
  async get(path: string): Promise<ServiceAnswer> {
    const { url, key, tenant, signal } = this.#options;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), {
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
        },
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, document: parse(text) };
    } catch (cause) {
      if (signal?.aborted === true) throw cause;
      const why = timeout.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : reasonOf(cause);
      throw new DoctorError(DoctorErrorCode.serviceUnreachable, `no service answers at ${url} (${why})`, { cause });
    }
  }

  /** An answer that has to be there. @throws DoctorError `service_refused`, `no_service` */
  async require(path: string): Promise<Row> {
    const { status, document } = await this.get(path);
    if (status === 200 && document !== undefined) return document;
    const { url } = this.#options;
    if (document === undefined || textOf(document, 'code') === '') {
      throw new DoctorError(
        DoctorErrorCode.noService,
        `what answers at ${url} is no Turnmeter service: expected JSON at /${path}, received status ${status}`,
      );
    }
    throw new DoctorError(DoctorErrorCode.serviceRefused, textOf(document, 'detail') || `status ${status}`);
  }
}

function parse(text: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** fetch says "fetch failed" and keeps the reason behind it. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (isRow(inner) && inner['code'] === 'ECONNREFUSED') return 'nothing listens there';
  return inner instanceof Error ? inner.message : String(inner);
}
