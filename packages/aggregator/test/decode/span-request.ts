// Small requests for tests that change one thing in them.

import type { PlainRequest } from './official-codec.ts';

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
export const SPAN_ID = 'b7ad6b7169203331';

/** A request with these spans, each with ids and times unless it says otherwise. */
export function spansRequest(...spans: readonly Record<string, unknown>[]): PlainRequest {
  const times = { startTimeUnixNano: '1795000000000000000', endTimeUnixNano: '1795000001000000000' };
  const list = spans.map((span) => ({ traceId: TRACE_ID, spanId: SPAN_ID, name: 'chat', ...times, ...span }));
  return { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 'test' }, spans: list }] }] };
}

/** `{a: 'x', b: 5}` as OTLP's list of attributes. */
export function attributes(values: Readonly<Record<string, string | number>>): readonly Record<string, unknown>[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
}

export const TOKENS: readonly Record<string, unknown>[] = attributes({
  'gen_ai.operation.name': 'chat',
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 7,
});
