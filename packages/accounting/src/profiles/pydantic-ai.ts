// pydantic-ai, instrumentation versions 1 to 6: `chat` spans are the calls; runs repeat them, since version 2 under a name that says so.

import {
  ATTR_GEN_AI_AGGREGATED_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_AGGREGATED_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_PYDANTIC_AI_ALL_MESSAGES,
  SCOPE_PYDANTIC_AI,
  SPAN_PYDANTIC_AI_AGENT_RUN,
} from '@turnmeter/semconv';
import { rawSum, readCall, readClaim, readSum, setUsage } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';

export const pydanticAi: Profile = {
  name: 'pydantic-ai',
  title: 'pydantic-ai (0.4 to 2.x)',
  marks: [
    ATTR_GEN_AI_AGGREGATED_USAGE_INPUT_TOKENS,
    ATTR_GEN_AI_AGGREGATED_USAGE_OUTPUT_TOKENS,
    ATTR_PYDANTIC_AI_ALL_MESSAGES,
  ],
  scopes: [SCOPE_PYDANTIC_AI],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const role = roleOfOperation(draft.operation);
    if (role !== undefined && isCallRole(role)) {
      readCall(record, draft, { wireDistance: WireDistance.FRAMEWORK, cache: 'inside' });
      draft.claim = readClaim(record, 'client_table');
    } else if (role === Role.AGENT || isRun(record)) {
      readRun(record, draft);
    } else if (role === Role.TOOL || record.attributes.has(ATTR_GEN_AI_TOOL_NAME)) {
      draft.role = Role.TOOL;
    } else {
      // `running 2 tools`: around the tools that it runs.
      draft.role = Role.STEP;
    }
  },
};

/** Version 1 called it `agent run` and named no operation. */
function isRun(record: TelemetryRecord): boolean {
  return (
    record.signal === 'span' &&
    (record.name.startsWith(SPAN_PYDANTIC_AI_AGENT_RUN) || record.attributes.has(ATTR_PYDANTIC_AI_ALL_MESSAGES))
  );
}

function readRun(record: TelemetryRecord, draft: Draft): void {
  const own = rawSum(record);
  if (own.input === undefined && own.output === undefined) {
    // Before version 2: all that the run's usage object holds, nested runs included when they share it.
    readSum(record, draft, { role: Role.AGENT, grain: Grain.SUM });
    return;
  }
  draft.role = Role.AGENT;
  draft.grain = Grain.OWN_SUM;
  setUsage(draft, own, { cache: 'inside' });
}
