import { GenAiProvider } from '@turnmeter/semconv';
import type { InferenceStart } from '../../emit/inference.ts';
import { isObject, objectOr, textOr, type JsonObject } from '../../usage/json-object.ts';
import { ModelCall } from '../model-call/model-call.ts';
import type { ClientApi, ModelEndpoint } from './model-endpoint.ts';
import { observeResponse } from './observe-response.ts';
import { serverOf } from './server-of.ts';

/** One method call of an app that asks a model, with all its requests. */
export class ClientCall {
  readonly client: object;
  readonly model: ModelCall;
  /** Whether its first request was made, or is about to be. */
  isTaken = false;
  readonly #api: ClientApi;
  readonly #endpoint: ModelEndpoint;

  constructor(client: object, api: ClientApi, endpoint: ModelEndpoint) {
    this.model = new ModelCall(endpoint);
    this.client = client;
    this.#api = api;
    this.#endpoint = endpoint;
  }

  /** The first request is about to be made. @returns the options to make it with. */
  begin(options: unknown): unknown {
    const given = objectOr(options);
    const body = objectOr(given['body']);
    this.model.begin(this.#startOf(given, body));
    const sent = this.#api.bodyToSend?.(body, this.#endpoint) ?? body;
    return sent === body ? options : { ...given, body: sent };
  }

  /** The head of the answer has arrived: what the SDK goes on with holds the response. */
  responded(props: unknown): void {
    const { response } = objectOr(props);
    this.model.responded(response, (unread) => observeResponse(unread, this.model));
  }

  #startOf(options: JsonObject, body: JsonObject): InferenceStart {
    const server = serverOf(objectOr(this.client)['baseURL']);
    return {
      operation: this.#endpoint.operation,
      provider: server.provider ?? providerOfClass(this.client) ?? this.#api.provider,
      model: textOr(body['model']),
      isStream: options['stream'] === true || body['stream'] === true,
      attributes: { ...server.attributes, ...this.#endpoint.attributesOf(body) },
      content: () => this.#endpoint.contentOf(body),
    };
  }
}

/** Clients of clouds, by the name of their class: their addresses may be a company's own. */
function providerOfClass(client: object): string | undefined {
  for (let at: unknown = Object.getPrototypeOf(client); isObject(at); at = Object.getPrototypeOf(at)) {
    const name: unknown = Reflect.get(at.constructor, 'name');
    if (typeof name !== 'string') continue;
    const cloud = CLOUDS.find(([part]) => name.includes(part));
    if (cloud !== undefined) return cloud[1];
  }
  return undefined;
}

const CLOUDS: readonly (readonly [part: string, provider: string])[] = [
  ['Azure', GenAiProvider.AZURE_AI_OPENAI],
  ['Foundry', GenAiProvider.AZURE_AI_INFERENCE],
  ['Bedrock', GenAiProvider.AWS_BEDROCK],
  ['Vertex', GenAiProvider.GCP_VERTEX_AI],
];
