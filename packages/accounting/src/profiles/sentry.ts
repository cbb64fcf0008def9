// Sentry SDKs: the conventions' names with parts as children of a scalar (`gen_ai.usage.input_tokens.cached`); until 2025 names of their own.

import { ATTR_AI_PIPELINE_NAME, ATTR_GEN_AI_PIPELINE_NAME, ATTR_SENTRY_OP } from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import { isCallRole } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import { type RawUsage, readRawUsage } from '../observe/usage.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { isAnthropicCall } from './anthropic-usage.ts';
import { likenessOf } from './generic-role.ts';

/** `gen_ai.chat`, `gen_ai.invoke_agent`; before: `ai.chat_completions.create.openai`, `ai.pipeline.langchain`. */
const OP = /^(?:gen_)?ai\.(.+)$/;

export const sentry: Profile = {
  name: 'sentry',
  title: 'Sentry SDKs',
  marks: [ATTR_SENTRY_OP],
  claims: (record) => record.signal === 'span' && OP.test(record.attributes.string(ATTR_SENTRY_OP) ?? ''),
  read(record, draft) {
    const what = OP.exec(record.attributes.string(ATTR_SENTRY_OP) ?? '')?.[1]?.slice(0, 100) ?? '';
    if (draft.operation === '') draft.operation = what;
    draft.workflow ||=
      record.attributes.string(ATTR_GEN_AI_PIPELINE_NAME) ?? record.attributes.string(ATTR_AI_PIPELINE_NAME) ?? '';
    const role = likenessOf('', what, '')?.role ?? Role.STEP;
    if (isCallRole(role)) readModelCall(record, draft, role);
    else if (role === Role.TOOL || role === Role.HANDOFF) draft.role = role;
    else readSum(record, draft, { role, grain: Grain.SUM });
  },
};

function readModelCall(record: TelemetryRecord, draft: Draft, role: Role): void {
  readCall(record, draft, {
    role: role === Role.EMBEDDING || role === Role.RERANK ? role : Role.INFERENCE,
    wireDistance: WireDistance.CLIENT,
    cache: isAnthropicCall(draft) ? 'auto' : 'inside',
    more: cachedBeside(record, draft),
  });
  draft.claim = readClaim(record, 'client_table');
}

/** For Anthropic the total holds what was cached, and nothing else on the span tells of it. */
function cachedBeside(record: TelemetryRecord, draft: Draft): RawUsage {
  const { input, output, total, cacheRead, cacheWrite } = readRawUsage(record.attributes, []);
  if (!isAnthropicCall(draft) || cacheRead !== undefined || cacheWrite !== undefined) return {};
  if (input === undefined || output === undefined || total === undefined || total <= input + output) return {};
  draft.notes.push('cache_found_in_total');
  return { cacheRead: total - input - output };
}
