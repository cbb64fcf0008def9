// An OTLP/JSON request of one model call, written out.

export interface OneSpan {
  readonly session: string;
  readonly number: number;
  readonly endMs: number;
}

export function oneSpanRequest({ session, number, endMs }: OneSpan): string {
  const span = {
    traceId: `${endMs.toString(16)}${number.toString(16).padStart(8, '0')}`.padStart(32, '0'),
    spanId: number.toString(16).padStart(16, '0'),
    name: 'chat gpt-5-mini',
    kind: 3,
    startTimeUnixNano: `${endMs - 900}000000`,
    endTimeUnixNano: `${endMs}000000`,
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', 'openai'),
      text('gen_ai.request.model', 'gpt-5-mini'),
      text('gen_ai.agent.name', 'writer'),
      text('session.id', session),
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '1200' } },
      { key: 'gen_ai.usage.output_tokens', value: { intValue: '80' } },
    ],
  };
  const resource = { attributes: [text('service.name', 'freshness')] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'bench' }, spans: [span] }] }] });
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}
