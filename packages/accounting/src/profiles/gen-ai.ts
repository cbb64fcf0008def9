// OpenTelemetry's GenAI conventions, current and old: what most instrumentations speak, with or without their own additions.

import { ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_SYSTEM } from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Grain, Role, UsageSource, WireDistance } from '../observe/observation.ts';
import { roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { endedInError, hasEnded } from './finish-reasons.ts';

export const genAi: Profile = {
  name: 'gen-ai',
  title: 'OpenTelemetry GenAI semantic conventions',
  marks: [ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_SYSTEM],
  claims: (record) =>
    record.signal === 'span' &&
    roleOfOperation(record.attributes.string(ATTR_GEN_AI_OPERATION_NAME) ?? '') !== undefined,
  read(record, draft) {
    const role = roleOfOperation(draft.operation) ?? Role.STEP;
    switch (role) {
      case Role.INFERENCE:
      case Role.EMBEDDING:
      case Role.RERANK:
        // `CLIENT` is the wire's side of the call; an in-process model or a framework reports INTERNAL.
        readCall(record, draft, {
          wireDistance: record.signal === 'span' && record.kind === 3 ? WireDistance.CLIENT : WireDistance.FRAMEWORK,
        });
        draft.claim = readClaim(record, 'client_table');
        draft.mayBeSum = !isSurelyCall(record, draft);
        if (draft.usage === undefined && draft.error === '' && endedInError(record)) {
          draft.error = 'error';
          draft.usageSource = UsageSource.NONE;
        }
        return;
      case Role.AGENT:
      case Role.WORKFLOW:
        // "SHOULD report the usage of the calls below" (semantic conventions, invoke_agent): a fallback at most.
        readSum(record, draft, { role, grain: Grain.SUM });
        return;
      default:
        draft.role = role;
    }
  },
};

/**
 * An operation alone does not make a leaf: in an app's own spans `chat` may be the request that all agents answered. A client's span,
 * or one that names the very answer it got, sums up nothing.
 */
function isSurelyCall(record: TelemetryRecord, draft: Draft): boolean {
  return (record.signal === 'span' && record.kind === 3) || draft.responseId !== '' || hasEnded(record);
}
