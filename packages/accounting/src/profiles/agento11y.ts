// Grafana Agent Observability SDKs (agento11y, formerly Sigil): one span a generation; a mark tells whether the input holds the cached part.

import {
  ATTR_AGENTO11Y_FRAMEWORK_LANGGRAPH_NODE,
  ATTR_AGENTO11Y_GENERATION_ID,
  ATTR_AGENTO11Y_SDK_NAME,
  ATTR_GEN_AI_TOKEN_SEMANTICS,
  ATTR_SIGIL_GENERATION_ID,
} from '@turnmeter/semconv';
import { readCall } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { CacheBucket } from '../observe/usage.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { isAnthropicCall } from './anthropic-usage.ts';
import { genAi } from './gen-ai.ts';
import { isPlainNode } from './langgraph.ts';

/** Its own names of a generation, beside the conventions'. */
const GENERATION = /^(generate|stream)(Text|Object)?$/;

export const agento11y: Profile = {
  name: 'agento11y',
  title: 'Grafana Agent Observability SDKs (agento11y)',
  marks: [ATTR_AGENTO11Y_SDK_NAME, ATTR_AGENTO11Y_GENERATION_ID, ATTR_SIGIL_GENERATION_ID],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const node = record.attributes.string(ATTR_AGENTO11Y_FRAMEWORK_LANGGRAPH_NODE) ?? '';
    if (draft.agent === '' && !isPlainNode(node)) draft.agent = node;
    const role = GENERATION.test(draft.operation) ? Role.INFERENCE : roleOfOperation(draft.operation);
    if (role === undefined || !isCallRole(role)) {
      genAi.read(record, draft);
      return;
    }
    readCall(record, draft, {
      role: role === Role.EMBEDDING || role === Role.RERANK ? role : Role.INFERENCE,
      wireDistance: WireDistance.CLIENT,
      cache: cacheBucketOf(record, draft),
    });
  },
};

/** Until 2026 the SDKs passed on the provider's own figure, which leaves the cached part out at Anthropic. */
function cacheBucketOf(record: TelemetryRecord, draft: Draft): CacheBucket {
  if (record.attributes.string(ATTR_GEN_AI_TOKEN_SEMANTICS) === 'inclusive') return 'inside';
  return isAnthropicCall(draft) ? 'beside' : 'inside';
}
