// Laminar (lmnr): spans of a type, among those of the instrumentations that it brings along; a cached span cost nothing.

import { ATTR_LMNR_SPAN_PATH, ATTR_LMNR_SPAN_TYPE, LaminarSpanType } from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { isAnthropicCall } from './anthropic-usage.ts';
import { agentInName } from './generic-role.ts';

export const laminar: Profile = {
  name: 'laminar',
  title: 'Laminar (lmnr)',
  marks: [ATTR_LMNR_SPAN_TYPE],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const type = record.attributes.string(ATTR_LMNR_SPAN_TYPE) ?? '';
    if (draft.workflow === '') draft.workflow = rootOf(record);
    const named = roleOfOperation(draft.operation);
    if (draft.operation === '') draft.operation = type.toLowerCase();
    if (type === LaminarSpanType.LLM || type === LaminarSpanType.CACHED) readModelCall(record, draft, type);
    else if (type === LaminarSpanType.TOOL) readTool(record, draft);
    else
      readSum(record, draft, { role: named === undefined || isCallRole(named) ? Role.STEP : named, grain: Grain.SUM });
    if (draft.role !== Role.STEP || record.signal !== 'span') return;
    const agent = agentInName(record.name.slice(0, 200));
    if (agent === '') return;
    draft.role = Role.AGENT;
    if (draft.agent === '') draft.agent = agent;
  },
};

function readModelCall(record: TelemetryRecord, draft: Draft, type: string): void {
  readCall(record, draft, {
    wireDistance: WireDistance.CLIENT,
    // Its own clients bring Anthropic's numbers into inclusive form, spans that users fill do not.
    cache: isAnthropicCall(draft) ? 'auto' : 'inside',
  });
  draft.claim = readClaim(record, 'client_table');
  if (type === LaminarSpanType.CACHED) draft.grain = Grain.CACHE_HIT;
}

function readTool(record: TelemetryRecord, draft: Draft): void {
  draft.role = Role.TOOL;
  if (draft.tool === '' && record.signal === 'span') draft.tool = record.name.slice(0, 100);
}

/** The path leads from the outermost span down, as a list or joined by dots. */
function rootOf(record: TelemetryRecord): string {
  const path = record.attributes.get(ATTR_LMNR_SPAN_PATH);
  const first = Array.isArray(path)
    ? (path as readonly unknown[])[0]
    : typeof path === 'string'
      ? path.split('.', 1)[0]
      : '';
  return typeof first === 'string' ? first.slice(0, 100) : '';
}
