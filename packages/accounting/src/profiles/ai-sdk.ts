// Vercel AI SDK 4 to 6 (scope `ai`): the outer span sums its steps (or repeats the last), only `do…` spans are calls.

import {
  ATTR_AI_OPERATION_ID,
  ATTR_AI_RESPONSE_MS_TO_FIRST_CHUNK,
  ATTR_AI_RESPONSE_PROVIDER_METADATA,
  ATTR_AI_TELEMETRY_FUNCTION_ID,
} from '@turnmeter/semconv';
import { readCall, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { isObject, parseObject } from '../observe/literal.ts';
import { readCount } from '../observe/numbers.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { RawUsage } from '../observe/usage.ts';
import type { TelemetryRecord } from '../record/record.ts';

export const aiSdk: Profile = {
  name: 'ai-sdk',
  title: 'Vercel AI SDK 4, 5 and 6 (experimental_telemetry)',
  marks: [ATTR_AI_OPERATION_ID],
  read(record, draft) {
    const operation = record.attributes.string(ATTR_AI_OPERATION_ID) ?? '';
    draft.operation = operation.replace(/^ai\./, '').slice(0, 100);
    if (draft.agent === '') draft.agent = record.attributes.string(ATTR_AI_TELEMETRY_FUNCTION_ID) ?? '';
    if (/\.do(Generate|Stream|Embed|Rerank)$/.test(operation)) readDo(record, draft, operation);
    else if (draft.operation === 'toolCall') draft.role = Role.TOOL;
    // The function id names whoever asked, which in a group chat is the speaker.
    else readSum(record, draft, { role: draft.agent === '' ? Role.STEP : Role.AGENT, grain: Grain.SUM });
  },
};

function readDo(record: TelemetryRecord, draft: Draft, operation: string): void {
  const role = operation.endsWith('Embed')
    ? Role.EMBEDDING
    : operation.endsWith('Rerank')
      ? Role.RERANK
      : Role.INFERENCE;
  const { cacheIsBeside, more } = readProviderMetadata(record);
  readCall(record, draft, {
    role,
    wireDistance: WireDistance.FRAMEWORK,
    cache: cacheIsBeside ? 'auto' : 'inside',
    more,
  });
  const firstChunkMs = record.attributes.get(ATTR_AI_RESPONSE_MS_TO_FIRST_CHUNK);
  if (typeof firstChunkMs === 'number' && firstChunkMs > 0) draft.timeToFirstTokenUs = Math.round(firstChunkMs * 1000);
}

/**
 * The provider's own figures, as JSON: the only place that splits Anthropic's cache writes by life time, and before AI SDK 6 the
 * only one that has them at all, beside an input that leaves them out.
 */
function readProviderMetadata(record: TelemetryRecord): { cacheIsBeside: boolean; more: RawUsage } {
  const metadata = parseObject(record.attributes.string(ATTR_AI_RESPONSE_PROVIDER_METADATA));
  const anthropic = metadata?.['anthropic'];
  if (!isObject(anthropic)) return { cacheIsBeside: false, more: {} };
  const usage = isObject(anthropic['usage']) ? anthropic['usage'] : {};
  const split = isObject(usage['cache_creation']) ? usage['cache_creation'] : {};
  return {
    cacheIsBeside: true,
    more: {
      cacheRead: readCount(usage['cache_read_input_tokens']).value,
      cacheWrite: readCount(usage['cache_creation_input_tokens'] ?? anthropic['cacheCreationInputTokens']).value,
      cacheWrite5m: readCount(split['ephemeral_5m_input_tokens']).value,
      cacheWrite1h: readCount(split['ephemeral_1h_input_tokens']).value,
    },
  };
}
