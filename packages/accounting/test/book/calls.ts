// Model calls as different observers see them, for tests of what is one call.

import type { PlainSpan } from '@turnmeter/accounting';
import { span, T0 } from '../account.ts';

/** Scopes of observers at each distance from the wire. */
export const SDK = 'com.anthropic.sdk.python';
export const CLIENT = 'opentelemetry.instrumentation.genai.openai';
export const FRAMEWORK = 'pydantic-ai';
export const GATEWAY = 'litellm';

export interface CallView {
  readonly scope?: string;
  readonly id?: string;
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly model?: string;
  readonly trace?: string;
  readonly service?: string;
  /** Milliseconds after T0. */
  readonly from?: number;
  readonly to?: number;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** One observer's span of a call of 100 and 20 tokens, unless said otherwise. */
export function call(spanId: string, parentId: string, view: CallView = {}): PlainSpan {
  const scope = view.scope ?? CLIENT;
  const { from = 0, to = 100, input = 100, output = 20 } = view;
  return span(spanId, parentId, {
    traceId: view.trace ?? 't',
    scope,
    kind: scope === FRAMEWORK ? 1 : 3,
    startMs: T0 + from,
    endMs: T0 + to,
    ...(view.service === undefined ? {} : { resource: { 'service.name': view.service } }),
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': view.model ?? 'gpt-4.1',
      'gen_ai.usage.input_tokens': input,
      'gen_ai.usage.output_tokens': output,
      ...(view.id === undefined ? {} : { 'gen_ai.response.id': view.id }),
      ...(view.cacheRead === undefined ? {} : { 'gen_ai.usage.cache_read.input_tokens': view.cacheRead }),
      ...view.attributes,
    },
  });
}

/** An agent's go, from T0 for ten seconds. */
export function agent(spanId: string, name: string, rest: Partial<PlainSpan> = {}): PlainSpan {
  return span(spanId, '', {
    endMs: T0 + 10_000,
    ...rest,
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name, ...rest.attributes },
  });
}
