import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_SESSION_ID,
  ATTR_TURNMETER_TENANT_ID,
  ATTR_TURNMETER_WORKFLOW_VERSION,
  ATTR_USER_ID,
} from '@turnmeter/semconv';
import type { Identity } from '../session/identity.ts';
import type { WritableSdkSpan } from './sdk-span.ts';

/**
 * Writes on a span that begins whose work it is, where it does not say so itself. The agent is not written here: whether a framework
 * names one of its own is known at the span's end.
 */
export function stampSpan(span: WritableSdkSpan, identity: Identity): void {
  for (const [field, names] of STAMPS) {
    const value = identity[field];
    if (value === undefined) continue;
    for (const name of names) if (span.attributes[name] === undefined) span.setAttribute(name, value);
  }
}

const STAMPS: readonly (readonly [keyof Identity, readonly string[]])[] = [
  ['session', [ATTR_SESSION_ID, ATTR_GEN_AI_CONVERSATION_ID]],
  ['workflow', [ATTR_GEN_AI_WORKFLOW_NAME]],
  ['workflowVersion', [ATTR_TURNMETER_WORKFLOW_VERSION]],
  ['tenant', [ATTR_TURNMETER_TENANT_ID]],
  ['user', [ATTR_USER_ID]],
];
