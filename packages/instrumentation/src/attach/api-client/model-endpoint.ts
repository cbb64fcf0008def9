import type { Attributes } from '@opentelemetry/api';
import type { JsonObject } from '../../usage/json-object.ts';
import type { AnswerShape } from '../model-call/model-call.ts';

/** An address of an API where a model is asked. */
export interface ModelEndpoint extends AnswerShape {
  /** `chat`, `embeddings` … */
  readonly operation: string;
  /** What a span says of the request, read from its body. */
  readonly attributesOf: (body: JsonObject) => Attributes;
  /** The words of the request; asked only where content is captured. */
  readonly contentOf: (body: JsonObject) => { readonly input?: unknown; readonly system?: unknown };
  readonly guarded: GuardedRequest;
}

/** What the guard has to know of a request, and may change in it. */
export interface GuardedRequest {
  /** All that the model reads. */
  readonly promptOf: (body: JsonObject) => readonly unknown[];
  /** How long the answer may be, as the request says. */
  readonly answerOf: (body: JsonObject) => RequestedAnswer;
  /** The same request with an answer of at most so many tokens; undefined where the API knows no such limit. */
  readonly shorten?: ((body: JsonObject, tokensMax: number, provider: string) => JsonObject) | undefined;
}

/** How long an answer may be. */
export interface RequestedAnswer {
  readonly tokensMax?: number | undefined;
  /** The least that the request makes sense with. */
  readonly tokensMin?: number | undefined;
  /** Answers at once. */
  readonly choices?: number | undefined;
}

/** What one company's client speaks. */
export interface ClientApi {
  /** For warnings: `openai`. */
  readonly name: string;
  /** Whose models they are where the address does not tell. */
  readonly provider: string;
  /** Undefined where no model is asked: lists, files, batches, counting. */
  readonly endpointOf: (path: string) => ModelEndpoint | undefined;
  /** The id of the answer that is asked for once more by such a path, where that is possible. */
  readonly answerIdOf?: ((path: string) => string | undefined) | undefined;
  /** The body to send, where it is to be another one than the app's. */
  readonly bodyToSend?: ((body: JsonObject, endpoint: ModelEndpoint) => JsonObject) | undefined;
}
