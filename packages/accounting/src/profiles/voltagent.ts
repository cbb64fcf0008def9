// VoltAgent: an agent's span has the usage of all its own calls, without those of its sub-agents; its `llm:*` spans only that of the
// last step, and none at all for steps before it.

import {
  ATTR_AGENT_STATE,
  ATTR_ENTITY_NAME,
  ATTR_ENTITY_TYPE,
  ATTR_SPAN_TYPE,
  ATTR_VOLTAGENT_OPERATION_ID,
  ATTR_VOLTAGENT_STEP_COUNT,
  SCOPE_VOLTAGENT_CORE,
  VoltAgentSpanType,
} from '@turnmeter/semconv';
import { readClaim, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { readCount } from '../observe/numbers.ts';
import { Coverage, Grain, Role, UsageSource } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { SpanRecord } from '../record/record.ts';
import { transferTarget } from './langgraph.ts';

export const voltAgent: Profile = {
  name: 'voltagent',
  title: 'VoltAgent',
  marks: [ATTR_VOLTAGENT_OPERATION_ID, ATTR_ENTITY_TYPE],
  scopes: [SCOPE_VOLTAGENT_CORE],
  claims: (record) =>
    record.signal === 'span' &&
    (record.scope.name === SCOPE_VOLTAGENT_CORE || record.attributes.has(ATTR_VOLTAGENT_OPERATION_ID)),
  read(record, draft) {
    if (record.signal !== 'span') return;
    const { attributes } = record;
    // All spans of a sub-agent name the agent that called it as their entity, and itself as the sub-agent.
    const entity = attributes.string(ATTR_ENTITY_NAME) ?? '';
    if (attributes.string(ATTR_ENTITY_TYPE) === VoltAgentSpanType.WORKFLOW) draft.workflow ||= entity;
    else draft.agent ||= entity;
    const type = attributes.string(ATTR_SPAN_TYPE) ?? attributes.string(ATTR_ENTITY_TYPE) ?? '';
    draft.operation = type;
    switch (type) {
      case VoltAgentSpanType.LLM:
        readLlm(record, draft);
        return;
      case VoltAgentSpanType.TOOL:
        readTool(record, draft);
        return;
      case VoltAgentSpanType.AGENT:
        readAgent(record, draft);
        return;
      case VoltAgentSpanType.WORKFLOW:
        draft.role = Role.WORKFLOW;
        return;
      default:
        // Summaries and scorers ask a model of their own and sum it up.
        readSum(record, draft, { role: Role.STEP, grain: Grain.SUM });
    }
  },
};

function readAgent(record: SpanRecord, draft: Draft): void {
  readSum(record, draft, { role: Role.AGENT, grain: Grain.OWN_SUM });
  if (draft.error === '' && record.attributes.string(ATTR_AGENT_STATE) === 'error') draft.error = 'error';
  if (draft.usage === undefined) return;
  // How many steps there were is told only where they ran out.
  const steps = readCount(record.attributes.get(ATTR_VOLTAGENT_STEP_COUNT)).value ?? 0;
  draft.calls = Math.max(1, steps);
  if (steps === 0) draft.notes.push('steps_not_reported');
}

/** A failed attempt is a call of its own; what succeeded is in the agent's usage, unless the agent's span was lost. */
function readLlm(record: SpanRecord, draft: Draft): void {
  if (record.status === 2) {
    draft.role = Role.INFERENCE;
    draft.calls = 1;
    draft.usageSource = UsageSource.NONE;
    return;
  }
  readSum(record, draft, { role: Role.USAGE, grain: Grain.CALL });
  draft.coverage = Coverage.AGENT_ABOVE;
  draft.calls = 1;
  if (draft.usage === undefined) return;
  draft.usageSource = UsageSource.ESTIMATED;
  draft.notes.push('last_step_only');
  draft.claim = readClaim(record, 'gateway');
}

function readTool(record: SpanRecord, draft: Draft): void {
  draft.role = Role.TOOL;
  if (draft.tool === '') draft.tool = record.name.replace(/^tool\.execution:/, '').slice(0, 100);
  // A sub-agent's name is in the span below, not in the tool's (`delegate_task`).
  draft.handoffTo = transferTarget(draft.tool);
}
