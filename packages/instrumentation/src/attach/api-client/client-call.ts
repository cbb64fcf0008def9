import { AsyncLocalStorage } from 'node:async_hooks';
import { GenAiProvider, UsageSource } from '@turnmeter/semconv';
import { guarded } from '../../emit/guarded.ts';
import type { Inference, InferenceEnd } from '../../emit/inference.ts';
import { startInference } from '../../emit/start-inference.ts';
import { currentScope, type Scope } from '../../session/scope.ts';
import { isObject, objectOr, textOr, type JsonObject } from '../../usage/json-object.ts';
import { createStreamReader, type StreamReader } from '../../usage/stream-reader.ts';
import { usageFrom } from '../../usage/usage-from.ts';
import type { ClientApi, ModelEndpoint } from './model-endpoint.ts';
import { serverOf } from './server-of.ts';

/** The call whose request the running code makes. */
export const callsInScope: AsyncLocalStorage<ClientCall> = new AsyncLocalStorage();

/** One method call of an app that asks a model, with all its retries, until the answer is read. */
export class ClientCall {
  readonly #api: ClientApi;
  readonly #endpoint: ModelEndpoint;
  readonly #client: object;
  /** Where the app made the call: the request itself is made later. */
  readonly #scope: Scope = currentScope();
  #inference: Inference | undefined;
  #options: unknown;
  #reader: StreamReader | undefined;
  #hasResponse = false;
  #isAnswered = false;
  #isParsing = false;
  #lastMs: number | undefined;

  constructor(client: object, api: ClientApi, endpoint: ModelEndpoint) {
    this.#client = client;
    this.#api = api;
    this.#endpoint = endpoint;
  }

  get isBegun(): boolean {
    return this.#inference !== undefined;
  }

  get isEnded(): boolean {
    return this.#inference?.isEnded ?? false;
  }

  /** Whether the SDK has begun to read the answer itself. */
  get isParsing(): boolean {
    return this.#isParsing;
  }

  /** Somebody has got the answer to read, as a whole or as a stream. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** The request is about to be made. @returns the options to make it with. */
  begin(options: unknown): unknown {
    const given = objectOr(options);
    const body = objectOr(given['body']);
    const server = serverOf(objectOr(this.#client)['baseURL']);
    this.#inference = startInference({
      operation: this.#endpoint.operation,
      provider: server.provider ?? providerOfClass(this.#client) ?? this.#api.provider,
      model: textOr(body['model']),
      isStream: given['stream'] === true || body['stream'] === true,
      scope: this.#scope,
      attributes: { ...server.attributes, ...this.#endpoint.attributesOf(body) },
      content: () => this.#endpoint.contentOf(body),
    });
    const sent = this.#api.bodyToSend?.(body, this.#endpoint) ?? body;
    this.#options = sent === body ? options : { ...given, body: sent };
    return this.#options;
  }

  /** Whether a request with these options is this call once more. */
  isRetry(options: unknown): boolean {
    return this.#options !== undefined && options === this.#options;
  }

  retry(): void {
    this.#inference?.retry();
  }

  /** Runs code as part of the call. */
  run<T>(work: () => T): T {
    const inner = (): T => callsInScope.run(this, work);
    return this.#inference === undefined ? inner() : this.#inference.run(inner);
  }

  /** The head of the answer has arrived. */
  responded(): void {
    this.#hasResponse = true;
    this.#lastMs = Date.now();
  }

  parsing(): void {
    this.#isParsing = true;
  }

  /** The answer is there as a whole. */
  answered(answer: unknown): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#end({
      facts: usageFrom(answer),
      output: () => (isObject(answer) ? this.#endpoint.outputOf(answer) : undefined),
    });
  }

  /** The answer comes in parts. @returns false where it is read already. */
  streams(): boolean {
    if (this.#isAnswered) return false;
    this.#isAnswered = true;
    const { streamKind } = this.#endpoint;
    if (streamKind !== undefined) this.#reader = createStreamReader(streamKind);
    return true;
  }

  part(chunk: unknown): void {
    this.#lastMs = Date.now();
    this.#inference?.chunk();
    this.#reader?.push(chunk);
  }

  /** The stream is over, or nobody reads on. `error` is why, where it broke off. */
  finished(error?: unknown): void {
    this.#end({ error });
  }

  failed(error: unknown): void {
    this.#end({ error });
  }

  /** Nobody can read the answer any more; it was last heard of when it last said something. */
  forgotten(): void {
    this.#end({ endMs: this.#lastMs });
  }

  #end(end: InferenceEnd): void {
    guarded('end of a call of a client', () => {
      const facts = end.facts ?? this.#reader?.facts() ?? {};
      const isWhole = this.#reader?.isComplete ?? true;
      this.#inference?.end({ ...end, facts, usageSource: this.#usageSource(facts.usage !== undefined, isWhole) });
    });
  }

  /** Counts of an answer that broke off are its first ones: too few. Where no answer came, there is nothing to miss. */
  #usageSource(isKnown: boolean, isWhole: boolean): UsageSource | undefined {
    if (isKnown) return isWhole ? UsageSource.PROVIDER : UsageSource.ESTIMATED;
    return this.#hasResponse ? UsageSource.MISSING : undefined;
  }
}

/** Clients of clouds, by the name of their class: their addresses may be a company's own. */
function providerOfClass(client: object): string | undefined {
  for (let at: unknown = Object.getPrototypeOf(client); isObject(at); at = Object.getPrototypeOf(at)) {
    const { name } = at.constructor as unknown as JsonObject;
    if (typeof name !== 'string') continue;
    for (const [part, provider] of CLOUDS) if (name.includes(part)) return provider;
  }
  return undefined;
}

const CLOUDS: readonly (readonly [part: string, provider: string])[] = [
  ['Azure', GenAiProvider.AZURE_AI_OPENAI],
  ['Bedrock', GenAiProvider.AWS_BEDROCK],
  ['Vertex', GenAiProvider.GCP_VERTEX_AI],
];
