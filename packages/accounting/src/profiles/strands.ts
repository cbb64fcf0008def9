// Strands Agents (Python and JavaScript): chats are calls; agents, nodes and swarms carry what the agent object spent in its whole life,
// so the second go of an agent repeats the first.

import {
  ATTR_AGENT_LOOP_CYCLE_ID,
  ATTR_EVENT_LOOP_CYCLE_ID,
  ATTR_GEN_AI_AGENT_EXECUTION_TIME,
  ATTR_GEN_AI_AGENT_NODE_TYPE,
  ATTR_GEN_AI_EVENT_START_TIME,
  SCOPE_STRANDS_TELEMETRY_TRACER,
} from '@turnmeter/semconv';
import { readCall, readSum } from '../observe/call.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import { transferTarget } from './langgraph.ts';

export const strands: Profile = {
  name: 'strands',
  title: 'Strands Agents (Python and JavaScript)',
  marks: [
    // On every span of Strands; the JavaScript scope is named after the application.
    ATTR_GEN_AI_EVENT_START_TIME,
    ATTR_AGENT_LOOP_CYCLE_ID,
    ATTR_EVENT_LOOP_CYCLE_ID,
    ATTR_GEN_AI_AGENT_NODE_TYPE,
    ATTR_GEN_AI_AGENT_EXECUTION_TIME,
  ],
  scopes: [SCOPE_STRANDS_TELEMETRY_TRACER],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const role = roleOfOperation(draft.operation) ?? Role.STEP;
    if (isCallRole(role)) {
      readCall(record, draft, { wireDistance: WireDistance.FRAMEWORK, cache: 'inside' });
    } else if (role === Role.TOOL) {
      draft.role = role;
      draft.handoffTo = transferTarget(draft.tool);
    } else {
      readSum(record, draft, { role, grain: Grain.LIFETIME });
      if (role !== Role.WORKFLOW) return;
      // `invoke_swarm` calls itself the agent "swarm"; its id is the name that it was given.
      draft.agent = '';
      if (draft.workflow === '') draft.workflow = draft.agentId;
      draft.agentId = '';
    }
  },
};
