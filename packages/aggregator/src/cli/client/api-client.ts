// Asks a service's JSON API. Every failure becomes a sentence that says what to do.

import type { EventSourceMessage } from 'eventsource-parser';
import { CommandError } from '../command-error.ts';
import { shown } from '../text/escape.ts';
import { RefusedError } from './refused-error.ts';

export interface ApiClientOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly tenant: string | undefined;
  /** Ends requests that are under way. */
  readonly signal: AbortSignal;
}

/** Values of a query string; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** RFC 9457, as the service answers errors. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
}

/** How long a service may take for one answer. Exports are streams and have no such bound. */
const ANSWER_TIMEOUT_MS = 60_000;

export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  /** What all requests to the service carry, those of telemetry too. */
  get headers(): Readonly<Record<string, string>> {
    const { key, tenant } = this.#options;
    return {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
    };
  }

  get<Answer>(path: string, query: Query = {}): Promise<Answer> {
    return this.#json<Answer>('GET', path, { query });
  }

  post<Answer>(path: string, body: object = {}, options: PostOptions = {}): Promise<Answer> {
    return this.#json<Answer>('POST', path, { body, query: {}, ...options });
  }

  put<Answer>(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#json<Answer>('PUT', path, { body, headers, query: {} });
  }

  delete<Answer>(path: string): Promise<Answer> {
    return this.#json<Answer>('DELETE', path, { query: {} });
  }

  /** An answer that is read piece by piece. @throws CommandError while it is read, too, when it breaks off. */
  async *stream(path: string, query: Query = {}): AsyncGenerator<Uint8Array> {
    const { body } = await this.#request('GET', path, { query, accept: NDJSON });
    if (body === null) return;
    try {
      yield* body;
    } catch (cause) {
      if (this.#options.signal.aborted) throw cause;
      throw brokenOff(this.#options.url, cause);
    }
  }

  /** Server-sent events, until the service ends them or says nothing for long. @throws CommandError also while they are read */
  async *events(path: string, query: Query = {}): AsyncGenerator<EventSourceMessage> {
    const { EventSourceParserStream } = await import('eventsource-parser/stream');
    const silence = new AbortController();
    const { body } = await this.#request('GET', path, { query, accept: 'text/event-stream', until: silence.signal });
    if (body === null) return;
    const timer = setTimeout(() => silence.abort(), SILENCE_MS).unref();
    const heard = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (bytes, controller) => {
        timer.refresh();
        controller.enqueue(bytes);
      },
    });
    const messages = body
      .pipeThrough(heard)
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream({ maxBufferSize: EVENT_CHARS_MAX }));
    try {
      yield* messages;
    } catch (cause) {
      if (this.#options.signal.aborted) throw cause;
      throw brokenOff(this.#options.url, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  async #json<Answer>(method: string, path: string, content: RequestContent): Promise<Answer> {
    const answer = await this.#request(method, path, { timeoutMs: ANSWER_TIMEOUT_MS, ...content });
    return (await answer.json()) as Answer;
  }

  async #request(
    method: string,
    path: string,
    { body, headers, query, timeoutMs, until, accept = 'application/json' }: RequestContent,
  ): Promise<Response> {
    const { signal } = this.#options;
    const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    let answer: Response;
    try {
      answer = await fetch(addressOf(this.#options.url, path, query), {
        method,
        headers: { ...this.headers, ...headers, accept, ...(body === undefined ? {} : JSON_HEADER) },
        signal: AbortSignal.any([signal, timeout, until].filter((one) => one !== undefined)),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw timeout?.aborted === true
        ? tooSlow(this.#options.url, timeoutMs ?? 0, cause)
        : notReachable(this.#options.url, cause);
    }
    if (!answer.ok) throw refused(answer, await readProblem(answer), this.#options);
    return answer;
  }
}

interface PostOptions {
  readonly query?: Query;
  /** @default ANSWER_TIMEOUT_MS */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RequestContent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly query: Query;
  readonly timeoutMs?: number;
  /** Ends the answer while it is read. */
  readonly until?: AbortSignal;
  readonly accept?: string;
}

/** Services say now and then that they are alive. */
const SILENCE_MS = 60_000;
/** Of one event. */
const EVENT_CHARS_MAX = 1024 * 1024;
const NDJSON = 'application/x-ndjson';
const JSON_HEADER = { 'content-type': 'application/json' };

function addressOf(base: string, path: string, query: Query): URL {
  const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function notReachable(url: string, cause: unknown): CommandError {
  const { code } = ((cause as Error).cause ?? {}) as NodeJS.ErrnoException;
  const why = code === 'ECONNREFUSED' ? 'nothing listens there' : (code ?? (cause as Error).message);
  return new CommandError(`no Turnmeter service answers at ${url} (${why})`, {
    advice: [
      'Start one with `turnmeter up`, or say where it is: --url or TURNMETER_URL.',
      'Its data can be opened while it is stopped: --data-dir <directory>.',
    ],
    cause,
  });
}

function brokenOff(url: string, cause: unknown): CommandError {
  return new CommandError(`the answer of the service at ${url} broke off: what came of it is not complete`, {
    advice: ['Its log says more.'],
    cause,
  });
}

function tooSlow(url: string, timeoutMs: number, cause: unknown): CommandError {
  return new CommandError(`the service at ${url} did not answer within ${timeoutMs / 1000} s`, {
    advice: ['It may be starting or overloaded: look at its log, and at /readyz.'],
    cause,
  });
}

async function readProblem(answer: Response): Promise<Problem> {
  const text = await answer.text().catch(() => '');
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null) return problem;
  } catch {
    // Whoever answered is no Turnmeter; a part of the text may tell who.
  }
  return { detail: text };
}

function refused(answer: Response, problem: Problem, options: ApiClientOptions): CommandError {
  const { code } = problem;
  const said = saidBy(problem, answer);
  return new RefusedError(said === '' ? `the service answered with status ${answer.status}` : said, {
    status: answer.status,
    code,
    advice: code === 'tenant_missing' ? ['Name one: --tenant or TURNMETER_TENANT.'] : adviceFor(answer.status, options),
  });
}

/** One fault in a line, several in a line each. */
function saidBy({ title, detail, errors = [] }: Problem, { statusText }: Response): string {
  if (!Array.isArray(errors) || errors.length < 2) return shown(detail ?? title ?? statusText, 500);
  const faults = errors.map((fault) => `  ${shown(`${fault.parameter}: ${fault.detail}`, 500)}`);
  return [`${errors.length} things are not as expected:`, ...faults].join('\n');
}

function adviceFor(status: number, { key, url }: ApiClientOptions): readonly string[] {
  switch (status) {
    case 401:
      return [
        key === undefined
          ? 'Set TURNMETER_KEY to a key of this service.'
          : 'The key in TURNMETER_KEY (or --key) is not one of this service.',
      ];
    case 429:
    case 503:
      return ['The service is busy or starting; try again in a moment.'];
    default:
      return status >= 500 ? [`The log of the service at ${url} says more.`] : [];
  }
}
