// Langfuse SDKs: observations of a type; usage and model in attributes of their own, usage as a JSON object.

import {
  ATTR_LANGFUSE_OBSERVATION_COMPLETION_START_TIME,
  ATTR_LANGFUSE_OBSERVATION_COST_DETAILS,
  ATTR_LANGFUSE_OBSERVATION_LEVEL,
  ATTR_LANGFUSE_OBSERVATION_TYPE,
  ATTR_LANGFUSE_OBSERVATION_USAGE_DETAILS,
  ATTR_LANGFUSE_TRACE_NAME,
  ATTR_LANGFUSE_VERSION,
} from '@turnmeter/semconv';
import { setUsage } from '../observe/call.ts';
import { type Draft, unquoted } from '../observe/draft.ts';
import { parseObject } from '../observe/literal.ts';
import { readUsd } from '../observe/numbers.ts';
import { Grain, Role, UsageSource, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { readUsageObject } from '../observe/usage-shapes.ts';
import type { TelemetryRecord } from '../record/record.ts';

export const langfuse: Profile = {
  name: 'langfuse',
  title: 'Langfuse SDKs (JS and Python)',
  marks: [ATTR_LANGFUSE_OBSERVATION_TYPE],
  read(record, draft) {
    const type = record.attributes.string(ATTR_LANGFUSE_OBSERVATION_TYPE) ?? '';
    draft.operation = type;
    if (draft.workflowVersion === '') draft.workflowVersion = versionOfTrace(record);
    if (draft.error === '' && record.attributes.string(ATTR_LANGFUSE_OBSERVATION_LEVEL) === 'ERROR')
      draft.error = 'error';
    switch (type) {
      case 'generation':
      case 'embedding':
        readGeneration(record, draft, type === 'embedding' ? Role.EMBEDDING : Role.INFERENCE);
        return;
      case 'agent':
        draft.role = Role.AGENT;
        if (draft.agent === '' && record.signal === 'span') draft.agent = record.name.slice(0, 200);
        return;
      case 'tool':
        draft.role = Role.TOOL;
        if (draft.tool === '' && record.signal === 'span') draft.tool = record.name.slice(0, 200);
        return;
      default:
        draft.role = record.signal === 'span' && record.parentId === '' ? Role.WORKFLOW : Role.STEP;
    }
  },
};

/** Traces and observations have versions under one name; an observation's own is not the workflow's. */
function versionOfTrace(record: TelemetryRecord): string {
  const isTrace =
    (record.signal === 'span' && record.parentId === '') || record.attributes.has(ATTR_LANGFUSE_TRACE_NAME);
  return isTrace ? unquoted(record.attributes.string(ATTR_LANGFUSE_VERSION) ?? '') : '';
}

function readGeneration(record: TelemetryRecord, draft: Draft, role: Role): void {
  draft.role = role;
  draft.grain = Grain.CALL;
  draft.calls = 1;
  draft.wireDistance = WireDistance.CLIENT;
  const object = parseObject(record.attributes.string(ATTR_LANGFUSE_OBSERVATION_USAGE_DETAILS));
  const shaped = object === undefined ? undefined : readUsageObject(object);
  if (shaped !== undefined) setUsage(draft, shaped.raw, shaped);
  if (draft.usage === undefined) draft.usageSource = draft.error === '' ? UsageSource.MISSING : UsageSource.NONE;
  const costs = parseObject(record.attributes.string(ATTR_LANGFUSE_OBSERVATION_COST_DETAILS));
  const nanoUsd = readUsd(costs?.['total']);
  // A failed generation says 0: that is no price.
  if (nanoUsd !== undefined && nanoUsd > 0) draft.claim = { nanoUsd, by: 'client_table' };
  draft.timeToFirstTokenUs = readFirstToken(record);
}

/** When the first token came is a quoted date: `"\"2026-11-22T12:44:31.463Z\""`. */
function readFirstToken(record: TelemetryRecord): number {
  const text = record.attributes.string(ATTR_LANGFUSE_OBSERVATION_COMPLETION_START_TIME);
  if (text === undefined || record.signal !== 'span') return 0;
  const timeUs = Date.parse(text.replaceAll('"', '')) * 1000;
  return Number.isFinite(timeUs) ? Math.max(0, timeUs - record.startUs) : 0;
}
