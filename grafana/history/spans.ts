// A made-up session as OTLP/JSON spans, as Turnmeter's own instrumentation writes them.

import * as names from '@turnmeter/semconv';
import type { CallPlan, SessionPlan, TurnPlan } from './session.ts';

export type AttributeValue = string | number | boolean;

/** As OTLP/JSON has it. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly object[];
  readonly status?: { readonly code: number };
}

/** A span, and when it is sent: as soon as it has ended. */
export interface EndedSpan {
  readonly endMs: number;
  readonly span: OtlpSpan;
}

const INTERNAL = 1;
const CLIENT = 3;
const FAILED = 2;

interface SpanDraft {
  readonly name: string;
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly parent?: string;
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>;
  readonly errorType?: string | undefined;
}

/** `hex` makes ids: so many hexadecimal digits. */
export function spansOf(session: SessionPlan, hex: (digits: number) => string): readonly EndedSpan[] {
  const traceId = hex(32);
  const identity = {
    [names.ATTR_GEN_AI_CONVERSATION_ID]: session.id,
    [names.ATTR_GEN_AI_WORKFLOW_NAME]: session.workflow,
    [names.ATTR_TURNMETER_WORKFLOW_VERSION]: session.version,
    [names.ATTR_USER_ID]: session.user,
  };
  const spans: EndedSpan[] = [];
  const add = (draft: SpanDraft): string => {
    const spanId = hex(16);
    spans.push({ endMs: draft.endMs, span: otlpSpan({ ...draft, traceId, spanId }) });
    return spanId;
  };
  const root = add({
    name: `${names.GenAiOperation.INVOKE_WORKFLOW} ${session.workflow}`,
    kind: INTERNAL,
    startMs: session.startMs,
    endMs: session.endMs,
    attributes: {
      ...identity,
      [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.INVOKE_WORKFLOW,
      [names.ATTR_TURNMETER_OUTCOME_STATUS]: session.isFailed ? 'failure' : 'success',
    },
    errorType: session.isFailed ? session.turns.at(-1)?.errorType : undefined,
  });
  for (const [index, turn] of session.turns.entries()) {
    const spoken = { ...identity, [names.ATTR_GEN_AI_AGENT_NAME]: turn.agent };
    const parent = add(turnSpan(turn, { parent: root, index, identity: spoken }));
    for (const call of turn.calls) add(callSpan(call, { parent, identity: spoken }));
    if (turn.personMs > 0) add(personSpan(turn, { parent, identity: spoken }));
    for (const { name, startMs, endMs, errorType } of turn.tools) {
      const attributes = {
        ...spoken,
        [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.EXECUTE_TOOL,
        [names.ATTR_GEN_AI_TOOL_NAME]: name,
      };
      add({
        name: `${names.GenAiOperation.EXECUTE_TOOL} ${name}`,
        kind: INTERNAL,
        startMs,
        endMs,
        parent,
        attributes,
        errorType,
      });
    }
  }
  return spans;
}

interface Within {
  readonly parent: string;
  readonly identity: Readonly<Record<string, AttributeValue>>;
}

function turnSpan(turn: TurnPlan, { parent, index, identity }: Within & { readonly index: number }): SpanDraft {
  return {
    name: `${names.GenAiOperation.INVOKE_AGENT} ${turn.agent}`,
    kind: INTERNAL,
    startMs: turn.startMs,
    endMs: turn.endMs,
    parent,
    attributes: {
      ...identity,
      [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.INVOKE_AGENT,
      [names.ATTR_TURNMETER_TURN_INDEX]: index + 1,
      [names.ATTR_TURNMETER_TURN_OUTCOME]:
        turn.errorType === undefined ? names.TurnOutcome.COMPLETED : names.TurnOutcome.FAILED,
      [names.ATTR_TURNMETER_HANDOFF_FROM_AGENT_NAME]: turn.from,
    },
    errorType: turn.errorType,
  };
}

/** Somebody is asked when the model has answered, and the turn ends with what they say. */
function personSpan({ endMs, personMs }: TurnPlan, { parent, identity }: Within): SpanDraft {
  const operation = names.GenAiOperationUnpublished.AWAIT_HUMAN_INPUT;
  const attributes = { ...identity, [names.ATTR_GEN_AI_OPERATION_NAME]: operation };
  return { name: operation, kind: INTERNAL, startMs: endMs - personMs, endMs, parent, attributes };
}

function callSpan(call: CallPlan, { parent, identity }: Within): SpanDraft {
  const { startMs, endMs, model, errorType } = call;
  const asked = {
    ...identity,
    [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.CHAT,
    [names.ATTR_GEN_AI_PROVIDER_NAME]: model.provider,
    [names.ATTR_GEN_AI_REQUEST_MODEL]: model.model,
  };
  const answered = {
    [names.ATTR_GEN_AI_RESPONSE_MODEL]: model.model,
    [names.ATTR_TURNMETER_USAGE_SOURCE]: names.UsageSource.PROVIDER,
    [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: call.inputTokens,
    [names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: call.outputTokens,
    [names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: call.cachedTokens,
    [names.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: call.reasoningTokens === 0 ? undefined : call.reasoningTokens,
  };
  const attributes = errorType === undefined ? { ...asked, ...answered } : asked;
  return {
    name: `${names.GenAiOperation.CHAT} ${model.model}`,
    kind: CLIENT,
    startMs,
    endMs,
    parent,
    attributes,
    errorType,
  };
}

function otlpSpan(draft: SpanDraft & { readonly traceId: string; readonly spanId: string }): OtlpSpan {
  const { traceId, spanId, parent, name, kind, startMs, endMs, errorType } = draft;
  const attributes =
    errorType === undefined ? draft.attributes : { ...draft.attributes, [names.ATTR_ERROR_TYPE]: errorType };
  return {
    traceId,
    spanId,
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name,
    kind,
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value: anyValue(value) }],
    ),
    ...(errorType === undefined ? {} : { status: { code: FAILED } }),
  };
}

/** 1970 in nanoseconds is more than a number holds exactly. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
