// Vercel AI SDK 7 with `@ai-sdk/otel` (scope `gen_ai`): the conventions' names; `invoke_agent` sums its chats, and names that are metrics'
// stand on spans as well.

import { METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK, SCOPE_GEN_AI } from '@turnmeter/semconv';
import { readCall } from '../observe/call.ts';
import { WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import { readProviderMetadata } from './ai-sdk-metadata.ts';
import { Field } from '../vocabulary/fields.ts';
import { genAi } from './gen-ai.ts';

export const aiSdkOtel: Profile = {
  name: 'ai-sdk-otel',
  title: 'Vercel AI SDK 7 (@ai-sdk/otel)',
  marks: [],
  scopes: [SCOPE_GEN_AI],
  claims: (record) =>
    record.signal === 'span' && roleOfOperation(record.attributes.text(Field.OPERATION) ?? '') !== undefined,
  read(record, draft) {
    const role = roleOfOperation(draft.operation);
    if (role === undefined || !isCallRole(role)) {
      genAi.read(record, draft);
      return;
    }
    const { cache, more, claim, serviceTier } = readProviderMetadata(record);
    readCall(record, draft, {
      wireDistance: WireDistance.FRAMEWORK,
      cache: cache === 'beside' ? 'inside' : cache,
      more,
    });
    draft.claim = claim;
    if (draft.serviceTier === '') draft.serviceTier = serviceTier;
    const seconds = record.attributes.get(METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK);
    if (typeof seconds === 'number' && seconds > 0) draft.timeToFirstTokenUs = Math.round(seconds * 1e6);
  },
};
