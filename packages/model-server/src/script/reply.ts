import type { JsonObject } from '../json.ts';
import type { UsageSpec } from '../usage.ts';
import type { ModelRequest } from './request.ts';

/** Why an answer ended; each dialect has its own word for it. */
export const FinishReason = {
  stop: 'stop',
  length: 'length',
  toolCalls: 'tool_calls',
  contentFilter: 'content_filter',
} as const;
export type FinishReason = (typeof FinishReason)[keyof typeof FinishReason];

/** A tool call that an answer makes. */
export interface ReplyToolCall {
  readonly name: string;
  /** @default made up from the tool's schema */
  readonly arguments?: JsonObject | undefined;
  /** @default made up in the provider's form */
  readonly id?: string | undefined;
}

/** What the model answers. An empty reply is a text, structured output or a tool call, as the request demands. */
export interface ReplyContent {
  readonly text?: string | undefined;
  /** Thoughts before the answer, sent where the API shows them. */
  readonly reasoning?: string | undefined;
  /** A refusal in place of text. */
  readonly refusal?: string | undefined;
  /** Structured output: the text is its JSON. */
  readonly json?: unknown;
  readonly toolCalls?: readonly ReplyToolCall[] | undefined;
  /** Hands over to this agent by the tool for it that the request offers, such as `transfer_to_critic`. */
  readonly handoffTo?: string | undefined;
  /** Buckets that are not derived from the lengths of texts. With `null` the answer is billed, but says nothing of usage. */
  readonly usage?: UsageSpec | null | undefined;
  /** @default `tool_calls` when there are any, else `stop` */
  readonly finishReason?: FinishReason | undefined;
  /** Gemini only: the answer goes on in another call, which `@google/genai` makes by itself within the same one of the caller's. */
  readonly continues?: boolean | undefined;
  /** The model that says it answered, such as a dated name. @default the model asked for */
  readonly model?: string | undefined;
  readonly serviceTier?: string | undefined;
}

/** How fast an answer comes. */
export interface ReplyPace {
  /** Time until the answer starts, in ms. @default the server's `latencyMs` */
  readonly latencyMs?: number | undefined;
  /** Pause before each chunk of a stream but the first, in ms. @default 0 */
  readonly chunkDelayMs?: number | undefined;
  /** How many pieces each text of a stream is cut into. @default one for every four words */
  readonly chunks?: number | undefined;
}

/** What goes wrong. Without any of it the call is served. */
export interface ReplyFault {
  /** Answers with this HTTP status, 400 or above, and the provider's own error body; nothing is billed. */
  readonly status?: number | undefined;
  /** Value of `retry-after` in seconds. @default 0 with status 429, 503 and 529 */
  readonly retryAfter?: number | undefined;
  readonly errorMessage?: string | undefined;
  /** Never answers: the client has to give up. */
  readonly hang?: boolean | undefined;
  /** Breaks the connection after this many chunks of a stream, or in the middle of a plain body. */
  readonly cutAfterChunks?: number | undefined;
  /** Sends the provider's error event after this many chunks of a stream; a plain answer fails with status 500. */
  readonly errorAfterChunks?: number | undefined;
  /** Sends a body, or a last chunk, that is not JSON. */
  readonly malformedJson?: boolean | undefined;
  /** In a rule: the fault holds for the rule's first calls only. @default for all of them */
  readonly failTimes?: number | undefined;
}

/** What a script gives for one call. */
export interface Reply extends ReplyContent, ReplyPace, ReplyFault {}

/** Decides what each call gets. */
export type Script = (request: ModelRequest) => Reply | Promise<Reply>;
