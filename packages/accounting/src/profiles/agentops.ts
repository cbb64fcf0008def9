// AgentOps: spans of a kind. A trace is a session, and the session's span has the totals of all that is in it.

import {
  AgentOpsSpanKind,
  ATTR_AGENTOPS_ENTITY_NAME,
  ATTR_AGENTOPS_SPAN_KIND,
  ATTR_AGENTOPS_TO_AGENT,
} from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { isAnthropicCall } from './anthropic-usage.ts';
import { transferTarget } from './langgraph.ts';

/** Values beside {@link AgentOpsSpanKind} that its decorators write: `llm.call`, `agent.action`, `workflow.step`. */
function kindOf(text: string): string {
  return text === 'workflow.step' ? AgentOpsSpanKind.TASK : (text.split('.', 1)[0] ?? '');
}

export const agentOps: Profile = {
  name: 'agentops',
  title: 'AgentOps',
  marks: [ATTR_AGENTOPS_SPAN_KIND],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const kind = kindOf(record.attributes.string(ATTR_AGENTOPS_SPAN_KIND)?.toLowerCase() ?? '');
    const entity = record.attributes.string(ATTR_AGENTOPS_ENTITY_NAME)?.slice(0, 200) ?? '';
    if (draft.operation === '') draft.operation = kind;
    switch (kind) {
      case AgentOpsSpanKind.LLM:
        readCall(record, draft, {
          role: Role.INFERENCE,
          wireDistance: WireDistance.CLIENT,
          cache: isAnthropicCall(draft) ? 'auto' : 'inside',
        });
        draft.claim = readClaim(record, 'client_table');
        return;
      case AgentOpsSpanKind.AGENT:
        readSum(record, draft, { role: Role.AGENT, grain: Grain.SUM });
        draft.agent ||= entity;
        return;
      case AgentOpsSpanKind.TOOL:
        draft.role = Role.TOOL;
        draft.tool ||= entity;
        draft.handoffTo = record.attributes.string(ATTR_AGENTOPS_TO_AGENT) ?? transferTarget(draft.tool);
        return;
      case AgentOpsSpanKind.SESSION:
      case AgentOpsSpanKind.WORKFLOW:
        readSum(record, draft, { role: Role.WORKFLOW, grain: Grain.SUM });
        // The root is called `session` unless the app names it.
        if (entity !== '' && entity !== AgentOpsSpanKind.SESSION) draft.workflow ||= entity;
        return;
      default:
        readSum(record, draft, { role: Role.STEP, grain: Grain.SUM });
    }
  },
};
