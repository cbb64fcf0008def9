import type { JsonObject } from '../json.ts';
import type { Endpoint } from '../script/request.ts';
import type { Usage } from '../usage.ts';

/** How a call ended. */
export const Outcome = {
  /** Not ended yet. */
  pending: 'pending',
  /** Answered to the end, even if the body was made unreadable. */
  served: 'served',
  /** Answered with an error status. */
  refused: 'refused',
  /** Broken off by the provider's error event. */
  failed: 'failed',
  /** The server broke the connection. */
  cut: 'cut',
  /** The client went away. */
  aborted: 'aborted',
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** One call as the server saw it. */
export interface LedgerEntry {
  /** 1 for the first call that the server got. */
  readonly number: number;
  /** When it came, in ms since 1970. */
  readonly at: number;
  readonly durationMs: number;
  /** `unknown` for a path that no provider has. */
  readonly endpoint: Endpoint | 'unknown';
  readonly path: string;
  readonly model?: string | undefined;
  readonly responseModel?: string | undefined;
  readonly responseId?: string | undefined;
  readonly requestId: string;
  readonly streamed: boolean;
  /** HTTP status, or undefined where none was sent. */
  readonly status?: number | undefined;
  readonly outcome: Outcome;
  /** 1 for a first try and more for retries, where the client says so (`x-stainless-retry-count`). */
  readonly attempt?: number | undefined;
  /** What was billed; all zero where nothing was. */
  readonly usage: Usage;
  /** Whether the call costs money: it was served, or broke off after some of the answer had gone out. */
  readonly billed: boolean;
  /** Whether the final usage went out: false for a stream without `include_usage`, or one that broke off. */
  readonly usageSent: boolean;
  /** Whether the client went away before the end. */
  readonly aborted: boolean;
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
  /** The end user as the request names them. */
  readonly user?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  /** The headers that say what client and which trace it was; never a key. */
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/** Headers that the ledger keeps. */
export const KEPT_HEADERS: readonly string[] = [
  'user-agent',
  'traceparent',
  'idempotency-key',
  'x-stainless-lang',
  'x-stainless-retry-count',
  'x-stainless-helper-method',
  'anthropic-version',
  'anthropic-beta',
  'openai-organization',
  'openai-project',
  'x-goog-api-client',
];
