// A recorded chat as a new one: other ids, other times, the same calls with the same tokens.

import { randomBytes } from 'node:crypto';
import { ATTR_GEN_AI_WORKFLOW_NAME, ATTR_TURNMETER_WORKFLOW_VERSION } from '@turnmeter/semconv';
import type { OtlpSpan, RecordedChat, RecordedSpan } from './recordings.ts';

/** A chat that is to be sent. */
export interface ReplayedChat {
  readonly sessionId: string;
  readonly workflow: string;
  readonly framework: string;
  readonly startMs: number;
  readonly endMs: number;
  /** In the order in which an exporter would send them: spans are sent when they end. */
  readonly spans: readonly ReplayedSpan[];
}

export interface ReplayedSpan extends RecordedSpan {
  readonly endMs: number;
}

export interface ReplayOptions {
  readonly sessionId: string;
  readonly startMs: number;
  /** How many times longer everything takes than when it was recorded. */
  readonly stretch: number;
}

export function replayChat(chat: RecordedChat, { sessionId, startMs, stretch }: ReplayOptions): ReplayedChat {
  const beganNs = chat.spans.reduce((first, { span }) => smaller(first, BigInt(span.startTimeUnixNano)), LATEST_NS);
  const timeOf = (nanoseconds: string): number => startMs + (Number(BigInt(nanoseconds) - beganNs) / 1e6) * stretch;
  const idOf = newIds();
  const mark = randomBytes(4).toString('hex');
  const spans = chat.spans
    .map(({ resource, scope, span }): ReplayedSpan => {
      const renamed = renameIn(span, { from: chat.session, to: sessionId, mark });
      return {
        resource,
        scope,
        span: moveSpan(nameWorkflow(renamed, chat), idOf, timeOf),
        endMs: timeOf(span.endTimeUnixNano),
      };
    })
    .toSorted((a, b) => a.endMs - b.endMs);
  const { workflow, framework } = chat;
  return { sessionId, workflow, framework, startMs, endMs: spans.at(-1)?.endMs ?? startMs, spans };
}

/** Later than any recording. */
const LATEST_NS = 2n ** 63n;

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The same new id for the same old one. */
function newIds(): (old: string) => string {
  const ids = new Map<string, string>();
  return (old) => {
    let id = ids.get(old);
    if (id === undefined) ids.set(old, (id = randomBytes(old.length / 2).toString('hex')));
    return id;
  };
}

/** Ids of answers and of tool calls: `chatcmpl-x7Yz`, `resp_01ab`, `call_17_0`. The same answer twice would be one call. */
const PROVIDER_ID = /\b(?:chatcmpl-|resp_|msg_|call_|fc_)[A-Za-z0-9_]+/g;

/** Names stand inside of texts and of JSON in texts, too, so they are replaced wherever they are. */
function renameIn(span: OtlpSpan, { from, to, mark }: { from: string; to: string; mark: string }): OtlpSpan {
  return JSON.parse(
    JSON.stringify(span)
      .replaceAll(from, to)
      .replaceAll(PROVIDER_ID, (id) => id + mark),
  ) as OtlpSpan;
}

function moveSpan(span: OtlpSpan, idOf: (old: string) => string, timeOf: (nanoseconds: string) => number): OtlpSpan {
  const move = (nanoseconds: string): string => String(BigInt(Math.round(timeOf(nanoseconds) * 1000)) * 1000n);
  return {
    ...span,
    traceId: idOf(span.traceId),
    spanId: idOf(span.spanId),
    ...(span.parentSpanId === undefined || span.parentSpanId === '' ? {} : { parentSpanId: idOf(span.parentSpanId) }),
    startTimeUnixNano: move(span.startTimeUnixNano),
    endTimeUnixNano: move(span.endTimeUnixNano),
    events: (span.events ?? []).map((event) => ({ ...event, timeUnixNano: move(event.timeUnixNano) })),
    links: (span.links ?? []).map((link) => ({ ...link, traceId: idOf(link.traceId), spanId: idOf(link.spanId) })),
  };
}

/** Says on a trace's outermost span which workflow it is a run of, and of which version. */
function nameWorkflow(span: OtlpSpan, { workflow, version }: Pick<RecordedChat, 'workflow' | 'version'>): OtlpSpan {
  if (span.parentSpanId !== undefined && span.parentSpanId !== '') return span;
  const named = { [ATTR_GEN_AI_WORKFLOW_NAME]: workflow, [ATTR_TURNMETER_WORKFLOW_VERSION]: version };
  const attributes = Object.entries(named).flatMap(([key, stringValue]) =>
    stringValue === undefined ? [] : [{ key, value: { stringValue } }],
  );
  return { ...span, attributes: [...attributes, ...(span.attributes ?? [])] };
}
