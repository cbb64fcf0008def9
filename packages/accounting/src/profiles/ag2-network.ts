// AG2 1.x (TelemetryMiddleware and hub): `llm` spans are calls; `usage` spans report spend beside them, of which `model_call` is a call's
// again and the others are counted where nothing else holds them (ag2.md §3).

import {
  Ag2SpanType,
  Ag2UsageKind,
  ATTR_AG2_SPAN_TYPE,
  ATTR_AG2_USAGE_KIND,
  ATTR_AG2_USAGE_LABEL,
} from '@turnmeter/semconv';
import { readCall, readSum, type UsageOptions } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Coverage, Grain, Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { isAnthropicCall } from './anthropic-usage.ts';
import { transferTarget } from './langgraph.ts';

export const ag2Network: Profile = {
  name: 'ag2-network',
  title: 'AG2 1.x (TelemetryMiddleware, hub)',
  marks: [ATTR_AG2_SPAN_TYPE],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const type = record.attributes.string(ATTR_AG2_SPAN_TYPE);
    if (type !== Ag2SpanType.LLM && type !== Ag2SpanType.TOOL) draft.error = '';
    switch (type) {
      case Ag2SpanType.LLM:
        readCall(record, draft, { wireDistance: WireDistance.FRAMEWORK, ...bucketsOf(draft) });
        return;
      case Ag2SpanType.USAGE:
        readReport(record, draft);
        return;
      case Ag2SpanType.AGENT:
        draft.role = Role.AGENT;
        return;
      case Ag2SpanType.TOOL:
        draft.role = Role.TOOL;
        draft.handoffTo = transferTarget(draft.tool);
        return;
      case Ag2SpanType.HUMAN_INPUT:
        draft.role = Role.HUMAN_INPUT;
        return;
      case Ag2SpanType.CHANNEL:
        // Open for the whole session, in a trace of its own; the turns' roots link to it and name it.
        draft.role = Role.WORKFLOW;
        return;
      default:
        draft.role = Role.STEP;
    }
  },
};

const GEMINI = /gemini|google|vertex/i;

/** One attribute name, buckets by provider (ag2.md §3.3). */
function bucketsOf(draft: Draft): Required<Pick<UsageOptions, 'cache' | 'reasoning'>> {
  if (isAnthropicCall(draft)) return { cache: 'beside', reasoning: 'inside' };
  const isGemini = GEMINI.test(draft.provider) || (draft.provider === '' && GEMINI.test(draft.model));
  return { cache: 'inside', reasoning: isGemini ? 'beside' : 'inside' };
}

function readReport(record: TelemetryRecord, draft: Draft): void {
  const kind = record.attributes.string(ATTR_AG2_USAGE_KIND) ?? '';
  const label = record.attributes.string(ATTR_AG2_USAGE_LABEL) ?? '';
  const isRepeat = kind === Ag2UsageKind.MODEL_CALL;
  readSum(record, draft, { role: Role.USAGE, grain: isRepeat ? Grain.REPEAT : Grain.CALL, ...bucketsOf(draft) });
  draft.operation = 'record_usage';
  if (isRepeat || draft.usage === undefined) return;
  draft.calls = 1;
  if (kind === Ag2UsageKind.SUBTASK) {
    // A sub-agent's run inside the tool `task_{label}`: counted there where the sub-agent or its client is instrumented.
    draft.coverage = Coverage.SIBLING_TOOL;
    draft.agent = label;
    draft.tool = label === '' ? '' : `task_${label}`;
  } else {
    draft.coverage = Coverage.SIBLING;
    draft.purpose = kind.slice(0, 50);
  }
}
