// AG2 0.11 to 0.14: `ag2.span.type = llm` is the call, and nothing else counts. Conversation spans carry what two clients spent in their
// whole life, so their sum grows with the square of the number of chats (ag2.md §2).

import { ATTR_AG2_SPAN_TYPE, ATTR_GEN_AI_USAGE_COST, Ag2SpanType } from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import type { Note } from '../observe/notes.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { isSpeaker, selectsSpeakers, SPEAKER_SELECTION_PURPOSE } from './ag2-names.ts';
import { transferTarget } from './langgraph.ts';

/** Types that only these versions write; the others are shared with 1.x. */
const OWN_TYPES: ReadonlySet<string> = new Set([
  Ag2SpanType.CONVERSATION,
  Ag2SpanType.MULTI_CONVERSATION,
  Ag2SpanType.SPEAKER_SELECTION,
  Ag2SpanType.CODE_EXECUTION,
]);

export const ag2Classic: Profile = {
  name: 'ag2-classic',
  title: 'AG2 0.11 to 0.14 (autogen.opentelemetry)',
  marks: [ATTR_AG2_SPAN_TYPE],
  claims(record) {
    const type = record.attributes.string(ATTR_AG2_SPAN_TYPE) ?? '';
    if (record.signal !== 'span') return false;
    // 0.x sets the scope's version and puts a cost on every call, 1.x does neither.
    return OWN_TYPES.has(type) || record.scope.version !== '' || record.attributes.has(ATTR_GEN_AI_USAGE_COST);
  },
  read(record, draft) {
    const type = record.attributes.string(ATTR_AG2_SPAN_TYPE);
    // One failed call makes four error spans: it is counted where it happened.
    if (type !== Ag2SpanType.LLM && type !== Ag2SpanType.TOOL && type !== Ag2SpanType.CODE_EXECUTION) draft.error = '';
    switch (type) {
      case Ag2SpanType.LLM:
        readModelCall(record, draft);
        return;
      case Ag2SpanType.CONVERSATION:
      case Ag2SpanType.MULTI_CONVERSATION:
        readConversation(record, draft);
        return;
      case Ag2SpanType.AGENT:
        draft.role = Role.AGENT;
        draft.canBeTurn = isSpeaker(draft.agent);
        if (selectsSpeakers(draft.agent)) draft.purpose = SPEAKER_SELECTION_PURPOSE;
        return;
      case Ag2SpanType.TOOL:
      case Ag2SpanType.CODE_EXECUTION:
        draft.role = Role.TOOL;
        if (draft.tool === '') draft.tool = type;
        draft.handoffTo = transferTarget(draft.tool);
        return;
      case Ag2SpanType.SPEAKER_SELECTION:
        draft.role = Role.SPEAKER_SELECTION;
        draft.purpose = SPEAKER_SELECTION_PURPOSE;
        return;
      case Ag2SpanType.HUMAN_INPUT:
        draft.role = Role.HUMAN_INPUT;
        return;
      default:
        draft.role = Role.STEP;
    }
  },
};

/** The chat's root names its initiator, who is not the one who answers below it. */
function readConversation(record: TelemetryRecord, draft: Draft): void {
  readSum(record, draft, { role: Role.WORKFLOW, grain: Grain.LIFETIME });
  draft.agent = '';
  draft.endsAgent = true;
}

/** `api_type` of a configuration is written as the provider where AG2 has no name for it. */
const PROVIDERS: Readonly<Record<string, string>> = {
  responses: 'openai',
  responses_v2: 'openai',
  openai_v2: 'openai',
  anthropic_v2: 'anthropic',
  bedrock: 'aws.bedrock',
  bedrock_v2: 'aws.bedrock',
  google: 'gcp.gemini',
  google_vertex: 'gcp.vertex_ai',
};

/** Figures that leave a part out and do not report it either: the true one is larger. */
const LOWER_BOUNDS: Readonly<Record<string, Note>> = {
  anthropic: 'cached_input_not_reported',
  google: 'thoughts_not_reported',
  google_vertex: 'thoughts_not_reported',
};

function readModelCall(record: TelemetryRecord, draft: Draft): void {
  const missing = LOWER_BOUNDS[draft.provider];
  draft.provider = PROVIDERS[draft.provider] ?? draft.provider;
  readCall(record, draft, {
    wireDistance: WireDistance.FRAMEWORK,
    cache: 'inside',
    reasoning: 'inside',
    isEstimated: missing !== undefined,
  });
  if (missing !== undefined && draft.usage !== undefined) draft.notes.push(missing);
  // Tokens times AG2's own table: a tenth of Anthropic's price, ten times that of a dated model.
  draft.claim = readClaim(record, 'client_table');
  if (selectsSpeakers(draft.agent)) draft.purpose = SPEAKER_SELECTION_PURPOSE;
  if (draft.agent !== '') return;
  // `summary_method="reflection_with_llm"`: the only calls without a speaker.
  draft.purpose = 'summary';
  draft.endsAgent = true;
}
