import { GenAiProvider } from '@turnmeter/semconv';
import type { AnswerFacts } from '../../usage/answer-facts.ts';
import { isObject, listOr, textOr } from '../../usage/json-object.ts';
import { usageFrom } from '../../usage/usage-from.ts';
import type { SdkSpanData } from './sdk-tracing.ts';

/**
 * What a `response` span (`_response`: the answer of the Responses API) or a `generation` span (`output`: answers of Chat Completions;
 * `usage`, of other models) says of the answer. Apps that keep their content off these spans keep the usage off them too; the client
 * below knows it then.
 */
export function answerOf(data: SdkSpanData): AnswerFacts {
  const answers = data['type'] === 'response' ? [data['_response']] : listOr(data['output']);
  const told = usageFrom(answers[0]);
  const facts = told.usage === undefined && isObject(data['usage']) ? usageFrom({ usage: data['usage'] }) : told;
  const responseId = textOr(data['response_id']) ?? told.responseId;
  return { ...told, ...facts, responseId: responseId === PLACEHOLDER_ID ? undefined : responseId };
}

/**
 * Whether nobody waited for the answer: the SDK ends the span of an aborted stream without an error. Only spans that keep what was asked
 * say so; the others never have an answer.
 */
export function wasLeft(data: SdkSpanData): boolean {
  return data['type'] === 'response'
    ? '_input' in data && data['_response'] === undefined
    : 'input' in data && data['output'] === undefined;
}

/** The model that was asked for, where the span says so when it begins; `openai.chat:gpt-5` of the SDK's adapter for AI SDK models. */
export function requestedModelOf(data: SdkSpanData): string | undefined {
  const model = textOr(data['model']);
  const provider = adaptedProviderOf(data);
  return provider !== undefined && model?.startsWith(`${provider}:`) === true
    ? model.slice(provider.length + 1)
    : model;
}

/** The SDK asks OpenAI, unless an adapter says otherwise. A client below knows better. */
export function providerOf(data: SdkSpanData): string {
  return adaptedProviderOf(data)?.split('.', 1)[0] ?? GenAiProvider.OPENAI;
}

function adaptedProviderOf({ model_config: config }: SdkSpanData): string | undefined {
  return isObject(config) ? textOr(config['provider']) : undefined;
}

/** The SDK makes answers up from chunks of Chat Completions; all of them have this id. */
const PLACEHOLDER_ID = 'FAKE_ID';
