// CrewAI under OpenLLMetry: crew, task and agent all say `invoke_agent`, the agent with what its model client spent in its whole life.
// Task spans are named with the user's text, which is read nowhere.

import {
  ATTR_CREWAI_AGENT_ROLE,
  ATTR_CREWAI_CREW_ID,
  ATTR_CREWAI_CREW_NAME,
  ATTR_CREWAI_TASK_ID,
  ATTR_TRACELOOP_SPAN_KIND,
  SCOPE_OPENTELEMETRY_INSTRUMENTATION_CREWAI,
  TraceloopSpanKind,
} from '@turnmeter/semconv';
import { readCall, readSum } from '../observe/call.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';

export const crewAi: Profile = {
  name: 'crewai',
  title: 'CrewAI (OpenLLMetry)',
  marks: [ATTR_CREWAI_CREW_ID, ATTR_CREWAI_TASK_ID, ATTR_CREWAI_AGENT_ROLE],
  scopes: [SCOPE_OPENTELEMETRY_INSTRUMENTATION_CREWAI],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const role = roleOfOperation(draft.operation);
    const kind = record.attributes.string(ATTR_TRACELOOP_SPAN_KIND);
    if (role !== undefined && isCallRole(role)) {
      readCall(record, draft, { wireDistance: WireDistance.FRAMEWORK });
    } else if (kind === TraceloopSpanKind.AGENT) {
      readSum(record, draft, { role: Role.AGENT, grain: Grain.LIFETIME });
    } else if (kind === TraceloopSpanKind.TOOL || role === Role.TOOL) {
      draft.role = Role.TOOL;
    } else if (kind === TraceloopSpanKind.TASK) {
      draft.role = Role.STEP;
    } else {
      draft.role = role === undefined ? Role.STEP : Role.WORKFLOW;
      if (draft.workflow === '') draft.workflow = record.attributes.string(ATTR_CREWAI_CREW_NAME) ?? '';
    }
  },
};
