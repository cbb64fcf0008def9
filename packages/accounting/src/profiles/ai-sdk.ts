// Vercel AI SDK 4 to 6, and 7 with `LegacyOpenTelemetry` (scope `ai`): the outer span sums its steps (or repeats the last), only `do…`
// spans are calls.

import {
  ATTR_AI_OPERATION_ID,
  ATTR_AI_RESPONSE_MS_TO_FIRST_CHUNK,
  ATTR_AI_STREAM_MS_TO_FIRST_CHUNK,
  ATTR_AI_TELEMETRY_FUNCTION_ID,
  ATTR_AI_USAGE_INPUT_TOKEN_DETAILS_NO_CACHE_TOKENS,
  SPAN_AI_TOOL_CALL,
} from '@turnmeter/semconv';
import { readCall, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Grain, Role, UsageSource, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { readProviderMetadata } from './ai-sdk-metadata.ts';

const CALL = /\.do(Generate|Stream|Embed|Rerank)$/;
/** What a speaker does; embeddings and reranking are nobody's turn. */
const SPEAKS = /^ai\.(generate|stream)(Text|Object)$/;

export const aiSdk: Profile = {
  name: 'ai-sdk',
  title: 'Vercel AI SDK 4, 5 and 6 (experimental_telemetry)',
  marks: [ATTR_AI_OPERATION_ID],
  read(record, draft) {
    const operation = record.attributes.string(ATTR_AI_OPERATION_ID) ?? '';
    draft.operation = operation.replace(/^ai\./, '').slice(0, 100);
    // The function id names whoever asked, which in a group chat is the speaker.
    if (draft.agent === '') draft.agent = record.attributes.string(ATTR_AI_TELEMETRY_FUNCTION_ID) ?? '';
    if (CALL.test(operation)) readDo(record, draft, operation);
    else if (operation === SPAN_AI_TOOL_CALL) draft.role = Role.TOOL;
    else readOuter(record, draft, SPEAKS.test(operation));
  },
};

function readOuter(record: TelemetryRecord, draft: Draft, speaks: boolean): void {
  readSum(record, draft, { role: speaks && draft.agent !== '' ? Role.AGENT : Role.STEP, grain: Grain.SUM });
  if (!speaks) return;
  // Before 6 an outer span had the usage of its last step: the least that was spent.
  if (draft.usage === undefined || record.attributes.has(ATTR_AI_USAGE_INPUT_TOKEN_DETAILS_NO_CACHE_TOKENS)) return;
  draft.usageSource = UsageSource.ESTIMATED;
  draft.notes.push('last_step_only');
}

function readDo(record: TelemetryRecord, draft: Draft, operation: string): void {
  const role = operation.endsWith('Embed')
    ? Role.EMBEDDING
    : operation.endsWith('Rerank')
      ? Role.RERANK
      : Role.INFERENCE;
  const { cache, more, claim, serviceTier } = readProviderMetadata(record);
  readCall(record, draft, { role, wireDistance: WireDistance.FRAMEWORK, cache, more });
  draft.claim = claim;
  if (draft.serviceTier === '') draft.serviceTier = serviceTier;
  const { attributes } = record;
  const firstChunkMs =
    attributes.get(ATTR_AI_RESPONSE_MS_TO_FIRST_CHUNK) ?? attributes.get(ATTR_AI_STREAM_MS_TO_FIRST_CHUNK);
  if (typeof firstChunkMs === 'number' && firstChunkMs > 0) draft.timeToFirstTokenUs = Math.round(firstChunkMs * 1000);
}
