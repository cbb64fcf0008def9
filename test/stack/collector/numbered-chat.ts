// Model calls with numbers, so that a lost or doubled one shows in the sum: call n has n + 1 tokens in and one out.

import { createHash } from 'node:crypto';
import * as names from '@turnmeter/semconv';

/** Calls `from` to `from + count - 1` of a session, in a trace of its own, as OTLP's JSON; with more attributes of each, where given. */
export function chat(session: string, from: number, count: number, more: readonly object[] = []): object {
  const traceId = hex(`${session} ${from}`, 32);
  const spans = Array.from({ length: count }, (_, at) => {
    const span = callSpan(session, traceId, from + at);
    return { ...span, attributes: [...span.attributes, ...more] };
  });
  return {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'numbered')] },
        scopeSpans: [{ scope: { name: 'numbered' }, spans }],
      },
    ],
  };
}

/** The same, where the last call ended with an error. */
export function failing(request: object): object {
  const written = JSON.stringify(request);
  const at = written.lastIndexOf('"kind":3');
  return JSON.parse(`${written.slice(0, at)}"status":{"code":2},${written.slice(at)}`) as object;
}

function callSpan(
  session: string,
  traceId: string,
  number: number,
): Readonly<Record<string, unknown>> & { readonly attributes: readonly object[] } {
  const startMs = Date.now() - 1000;
  return {
    traceId,
    spanId: hex(`${session} call ${number}`, 16),
    name: 'chat gpt-5-mini',
    kind: 3,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 100}000000`,
    attributes: [
      text(names.ATTR_GEN_AI_OPERATION_NAME, 'chat'),
      text(names.ATTR_GEN_AI_PROVIDER_NAME, 'openai'),
      text(names.ATTR_GEN_AI_REQUEST_MODEL, 'gpt-5-mini'),
      text(names.ATTR_GEN_AI_CONVERSATION_ID, session),
      whole(names.ATTR_GEN_AI_USAGE_INPUT_TOKENS, number + 1),
      whole(names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, 1),
    ],
  };
}

/** The value of a line of Prometheus' text format: `name{…} 20100`. */
export function numberOf(line: string): number {
  return Number(line.slice(line.lastIndexOf('}') + 1).trim());
}

export function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function whole(key: string, value: number): object {
  return { key, value: { intValue: String(value) } };
}

function hex(of: string, length: number): string {
  return createHash('sha256').update(of).digest('hex').slice(0, length);
}
