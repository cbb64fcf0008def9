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
