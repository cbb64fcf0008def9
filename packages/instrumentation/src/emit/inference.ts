import type { Attributes } from '@opentelemetry/api';
import type { UsageSource } from '@turnmeter/semconv';
import type { Admission } from '../guard/guarded-call.ts';
import type { Identity } from '../session/identity.ts';
import type { Scope } from '../session/scope.ts';
import type { AnswerFacts } from '../usage/answer-facts.ts';

/** A model call that begins. */
export interface InferenceStart {
  /** `chat`, `generate_content`, `embeddings`, `text_completion`. */
  readonly operation: string;
  /** Who is asked, in the words of the GenAI conventions: `openai`, `anthropic`, `gcp.gemini`. */
  readonly provider: string;
  /** The model that is asked for. */
  readonly model?: string | undefined;
  readonly isStream?: boolean | undefined;
  /** Whom the caller knows better than the scope does. */
  readonly identity?: Identity | undefined;
  /** Where the call is made. @default the current scope */
  readonly scope?: Scope | undefined;
  /** Milliseconds since 1970. @default now */
  readonly startMs?: number | undefined;
  /** More attributes of the request: server, temperature … */
  readonly attributes?: Attributes | undefined;
  /** How it may be made, where it is guarded; `model` is the one that is asked. */
  readonly admission?: Admission | undefined;
  /** Asked only where content is captured. */
  readonly content?: (() => { readonly input?: unknown; readonly system?: unknown }) | undefined;
}

/** How a model call ended. */
export interface InferenceEnd {
  /** What the answer says of itself. */
  readonly facts?: AnswerFacts | undefined;
  /** Why it failed, where it did. */
  readonly error?: unknown;
  /** Milliseconds since 1970. @default now */
  readonly endMs?: number | undefined;
  /** Nobody saw it begin, so that its time is in no figure. */
  readonly isUntimed?: boolean | undefined;
  /**
   * Where the usage was not counted by the provider; `missing` for a failed call whose answer had begun.
   * @default `provider`; without usage `missing`, and nothing for a failed call
   */
  readonly usageSource?: UsageSource | undefined;
  /** Asked only where content is captured. */
  readonly output?: (() => unknown) | undefined;
}

/** A model call that is under way. Nothing of it throws; what comes after `end` is ignored. */
export interface Inference {
  /** To make the call in: a client's call that begins there is known to be this one. */
  readonly scope: Scope;
  readonly isEnded: boolean;
  /** Makes the call in that scope. */
  run<T>(work: () => T): T;
  /** The client asks again by itself. */
  retry(): void;
  /** The guard lets it through, and how. */
  hold(admission: Admission): void;
  /** A part of the answer has arrived; the first one is timed. */
  chunk(): void;
  end(end?: InferenceEnd): void;
}
