// Chats whose turns take as long as they are told to, so that what Prometheus says of them can be held against the truth.

import { createHash } from 'node:crypto';
import * as names from '@turnmeter/semconv';

export interface TimedChat {
  readonly session: string;
  readonly workflow: string;
  /** Of each turn, seconds. */
  readonly seconds: readonly number[];
  /** Of the call in each turn. */
  readonly model?: string;
}

/** A chat as OTLP's JSON, in a trace of its own: turns one after another, each with a call of 1,000 tokens in and 100 out. */
export function timedChat({ session, workflow, seconds, model = 'gpt-4o' }: TimedChat): object {
  const traceId = traceIdOf(session);
  let endMs = Date.now() - seconds.reduce((sum, one) => sum + one * 1000, 0);
  const spans = seconds.flatMap((one, turn) => {
    const startMs = endMs;
    endMs += one * 1000;
    const times = { startTimeUnixNano: nanos(startMs), endTimeUnixNano: nanos(endMs) };
    const of = { traceId, session, workflow };
    const agent = spanOf(of, `turn ${turn}`, [
      text(names.ATTR_GEN_AI_OPERATION_NAME, 'invoke_agent'),
      text(names.ATTR_GEN_AI_AGENT_NAME, 'writer'),
    ]);
    const call = spanOf(of, `call ${turn}`, [
      text(names.ATTR_GEN_AI_OPERATION_NAME, 'chat'),
      text(names.ATTR_GEN_AI_PROVIDER_NAME, 'openai'),
      text(names.ATTR_GEN_AI_REQUEST_MODEL, model),
      whole(names.ATTR_GEN_AI_USAGE_INPUT_TOKENS, 1000),
      whole(names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, 100),
    ]);
    return [
      { ...agent, ...times },
      { ...call, ...times, parentSpanId: agent.spanId },
    ];
  });
  return {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'timed')] },
        scopeSpans: [{ scope: { name: 'timed' }, spans }],
      },
    ],
  };
}

export function traceIdOf(session: string): string {
  return hex(session, 32);
}

function spanOf(
  { traceId, session, workflow }: { traceId: string; session: string; workflow: string },
  name: string,
  attributes: readonly object[],
): { readonly spanId: string } {
  const identity = [text(names.ATTR_GEN_AI_CONVERSATION_ID, session), text(names.ATTR_GEN_AI_WORKFLOW_NAME, workflow)];
  const span = {
    traceId,
    spanId: hex(`${session} ${name}`, 16),
    name,
    kind: 1,
    attributes: [...identity, ...attributes],
  };
  return span;
}

/** Whole microseconds: more a number of so many nanoseconds does not have. */
function nanos(ms: number): string {
  return `${Math.round(ms * 1000)}000`;
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function whole(key: string, value: number): object {
  return { key, value: { intValue: String(value) } };
}

function hex(of: string, length: number): string {
  return createHash('sha256').update(of).digest('hex').slice(0, length);
}
