// OpenLIT (Python and JavaScript): model clients are exact; its spans of frameworks carry estimates and totals of others' calls.

import {
  ATTR_OPENLIT_AGENT_VERSION_HASH,
  SCOPE_PREFIX_OPENLIT_INSTRUMENTATION,
  SCOPE_PREFIX_OPENLIT_INSTRUMENTATION_NPM,
} from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Grain, Role } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { isSpeaker, selectsSpeakers, SPEAKER_SELECTION_PURPOSE } from './ag2-names.ts';
import { isAnthropicCall } from './anthropic-usage.ts';
import { distanceOfScope, libraryOfScope } from './client-scopes.ts';
import { transferTarget } from './langgraph.ts';

export const openLit: Profile = {
  name: 'openlit',
  title: 'OpenLIT (Python and JavaScript)',
  marks: [ATTR_OPENLIT_AGENT_VERSION_HASH],
  scopes: [`${SCOPE_PREFIX_OPENLIT_INSTRUMENTATION}*`, `${SCOPE_PREFIX_OPENLIT_INSTRUMENTATION_NPM}*`],
  claims: (record) => record.signal === 'span' && roleOfOperation(draftOperation(record)) !== undefined,
  read(record, draft) {
    const role = roleOfOperation(draft.operation) ?? Role.STEP;
    if (draft.provider === 'ag2') readAg2(record, draft);
    else if (isCallRole(role)) readModelCall(record, draft);
    else if (role === Role.TOOL) {
      draft.role = role;
      draft.handoffTo = transferTarget(draft.tool);
    } else if (role === Role.AGENT || role === Role.WORKFLOW) readRun(record, draft, role);
    else draft.role = role;
  },
};

function draftOperation({ attributes }: TelemetryRecord): string {
  return attributes.text(Field.OPERATION) ?? '';
}

/** Libraries whose numbers OpenLIT passes on as the provider gave them. */
const CACHE_BESIDE = new Set(['anthropic', 'bedrock']);
const THOUGHTS_BESIDE = new Set(['google_ai_studio', 'vertexai', 'google-ai-studio']);

function readModelCall(record: TelemetryRecord, draft: Draft): void {
  const library = libraryOfScope(record.scope.name);
  readCall(record, draft, {
    wireDistance: distanceOfScope(record.scope.name),
    cache: CACHE_BESIDE.has(library) && isAnthropicCall(draft) ? 'beside' : 'inside',
    reasoning: THOUGHTS_BESIDE.has(library) ? 'beside' : 'inside',
  });
  draft.claim = readClaim(record, 'client_table');
}

/**
 * Its spans of AG2 say `chat` too, for agents without a model as well, with numbers that it made up: an agent's go at most.
 */
function readAg2(record: TelemetryRecord, draft: Draft): void {
  const isGo = draft.operation !== 'create_agent' && draft.agent !== '';
  readSum(record, draft, { role: isGo ? Role.AGENT : Role.STEP, grain: Grain.REPEAT });
  draft.model = '';
  draft.requestModel = '';
  draft.canBeTurn = isSpeaker(draft.agent);
  if (selectsSpeakers(draft.agent)) draft.purpose = SPEAKER_SELECTION_PURPOSE;
}

/** Totals of CrewAI's agents grow over their life. Handoffs and guardrails say `invoke_agent` too, without a name. */
function readRun(record: TelemetryRecord, draft: Draft, role: Role): void {
  const grain = libraryOfScope(record.scope.name) === 'crewai' ? Grain.LIFETIME : Grain.SUM;
  readSum(record, draft, { role: role === Role.AGENT && draft.agent === '' ? Role.STEP : role, grain });
}
