// Microsoft Agent Framework: chats are calls, `invoke_agent` is the exact sum of its own, workflows are executors that send messages.

import {
  ATTR_EDGE_GROUP_TYPE,
  ATTR_EXECUTOR_ID,
  ATTR_WORKFLOW_BUILDER_NAME,
  ATTR_WORKFLOW_DEFINITION,
  ATTR_WORKFLOW_NAME,
  SCOPE_AGENT_FRAMEWORK,
  SPAN_WORKFLOW_RUN,
} from '@turnmeter/semconv';
import { readCall, readSum } from '../observe/call.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';

export const agentFramework: Profile = {
  name: 'agent-framework',
  title: 'Microsoft Agent Framework',
  marks: [ATTR_EXECUTOR_ID, ATTR_EDGE_GROUP_TYPE, ATTR_WORKFLOW_DEFINITION, ATTR_WORKFLOW_BUILDER_NAME],
  scopes: [SCOPE_AGENT_FRAMEWORK],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const role = roleOfOperation(draft.operation);
    if (role !== undefined && isCallRole(role)) {
      // In-process spans (INTERNAL); a client's instrumentation below is nearer to the wire.
      readCall(record, draft, { wireDistance: WireDistance.FRAMEWORK, cache: 'inside', reasoning: 'inside' });
    } else if (role === Role.AGENT) {
      readSum(record, draft, { role, grain: Grain.OWN_SUM });
    } else if (role !== undefined) {
      draft.role = role;
    } else {
      const isRun = record.signal === 'span' && record.name.startsWith(SPAN_WORKFLOW_RUN);
      draft.role = isRun ? Role.WORKFLOW : Role.STEP;
      // The workflow's name is set on its run; an executor's and a message's id are nobody's name.
      if (isRun) draft.workflow = record.attributes.string(ATTR_WORKFLOW_NAME) ?? '';
    }
  },
};
