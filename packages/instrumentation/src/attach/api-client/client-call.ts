import { GenAiProvider } from '@turnmeter/semconv';
import type { InferenceStart } from '../../emit/inference.ts';
import { admitCall } from '../../guard/admit-call.ts';
import type { Admission, Reservation } from '../../guard/guarded-call.ts';
import { sizeOfRequest } from '../../guard/request-size.ts';
import { isObject, objectOr, textOr, type JsonObject } from '../../usage/json-object.ts';
import { ModelCall } from '../model-call/model-call.ts';
import type { ClientApi, ModelEndpoint } from './model-endpoint.ts';
import { observeResponse } from './observe-response.ts';
import { serverOf, type Server } from './server-of.ts';

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

  /** Whether the first request may be made, and how. Undefined where nothing is guarded. */
  admit(options: unknown): Admission | Promise<Admission | undefined> | undefined {
    return admitCall(this.model.scope, () => {
      const given = objectOr(options);
      const body = objectOr(given['body']);
      const { guarded } = this.#endpoint;
      const { tokensMax, tokensMin, choices } = guarded.answerOf(body);
      const { signal } = given;
      return {
        provider: this.#server.provider ?? this.#api.provider,
        operation: this.#endpoint.operation,
        model: textOr(body['model']),
        size: sizeOfRequest(...guarded.promptOf(body)),
        choices,
        outputTokensMax: tokensMax,
        outputTokensMin: tokensMin,
        serviceTier: tierOf(body),
        canChangeModel: true,
        canShorten: guarded.shorten !== undefined,
        signal: signal instanceof AbortSignal ? signal : undefined,
      };
    });
  }

  /** The first request is about to be made. @returns the options to make it with. */
  begin(options: unknown, admission?: Admission): unknown {
    const given = objectOr(options);
    const asked = objectOr(given['body']);
    const body = this.#cheaper(asked, admission);
    this.model.begin(this.#startOf(given, body, admission));
    const sent = this.#api.bodyToSend?.(body, this.#endpoint) ?? body;
    const stoppable =
      admission === undefined ? undefined : { signal: stopSignal(given['signal'], admission.reservation) };
    return sent === asked && stoppable === undefined ? options : { ...given, body: sent, ...stoppable };
  }

  /** The request as the guard lets it through. */
  #cheaper(body: JsonObject, admission: Admission | undefined): JsonObject {
    if (admission === undefined) return body;
    const { model, outputTokensMax } = admission;
    const asked = model === undefined ? body : { ...body, model };
    const { shorten } = this.#endpoint.guarded;
    if (outputTokensMax === undefined || shorten === undefined) return asked;
    return shorten(asked, outputTokensMax, this.#server.provider ?? this.#api.provider);
  }

  /** The head of the answer has arrived: what the SDK goes on with holds the response. */
  responded(props: unknown): void {
    const { response } = objectOr(props);
    this.model.responded(response, (unread) => observeResponse(unread, this.model));
  }

  /** Who answers: by the address, else by the class of the client. */
  get #server(): Server {
    const server = serverOf(objectOr(this.client)['baseURL']);
    return server.provider === undefined ? { ...server, provider: providerOfClass(this.client) } : server;
  }

  #startOf(options: JsonObject, body: JsonObject, admission: Admission | undefined): InferenceStart {
    const server = this.#server;
    return {
      operation: this.#endpoint.operation,
      provider: server.provider ?? this.#api.provider,
      model: textOr(body['model']),
      isStream: options['stream'] === true || body['stream'] === true,
      attributes: { ...server.attributes, ...this.#endpoint.attributesOf(body) },
      admission,
      content: () => this.#endpoint.contentOf(body),
    };
  }
}

/** Aborts when the app wants it, or when somebody stops the session. */
function stopSignal(own: unknown, reservation: Reservation): AbortSignal {
  const controller = new AbortController();
  reservation.onStop(() => controller.abort(reservation.stopError));
  return own instanceof AbortSignal ? AbortSignal.any([own, controller.signal]) : controller.signal;
}

/** The tier that is asked for, which may cost more. */
function tierOf({ service_tier: tier }: JsonObject): string | undefined {
  return typeof tier === 'string' && tier !== 'auto' ? tier : undefined;
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
