// OpenTelemetry's GenAI conventions, current and old: what most instrumentations speak, with or without their own additions.

import { ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_SYSTEM } from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import { roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';

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
