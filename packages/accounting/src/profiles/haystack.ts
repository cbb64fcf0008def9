// Haystack's own tracing: pipelines of components, and agents of steps. Usage is only in what components put out, where content is
// traced at all; a model call is one without it too.

import {
  ATTR_HAYSTACK_AGENT_STEPS_TAKEN,
  ATTR_HAYSTACK_COMPONENT_NAME,
  ATTR_HAYSTACK_COMPONENT_TYPE,
  ATTR_HAYSTACK_TOOL_NAME,
  SPAN_HAYSTACK_PIPELINE_RUN,
} from '@turnmeter/semconv';
import type { Draft } from '../observe/draft.ts';
import { Role, UsageSource, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { SpanRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { readAnyUsage } from './generic-usage.ts';

/** `haystack.` */
const SPAN_PREFIX = SPAN_HAYSTACK_PIPELINE_RUN.slice(0, SPAN_HAYSTACK_PIPELINE_RUN.indexOf('.') + 1);

export const haystack: Profile = {
  name: 'haystack',
  title: 'Haystack (its own tracing)',
  marks: [
    ATTR_HAYSTACK_COMPONENT_NAME,
    ATTR_HAYSTACK_COMPONENT_TYPE,
    ATTR_HAYSTACK_AGENT_STEPS_TAKEN,
    ATTR_HAYSTACK_TOOL_NAME,
  ],
  // Its scope is the application's to name, and without content a model call has no attribute at all.
  signals: ['span'],
  claims: (record) => record.signal === 'span' && record.name.startsWith(SPAN_PREFIX),
  read(record, draft) {
    if (record.signal !== 'span') return;
    const type = record.attributes.string(ATTR_HAYSTACK_COMPONENT_TYPE) ?? '';
    if (record.name.endsWith('.step.llm') || type.endsWith('Generator')) readModelCall(record, draft, Role.INFERENCE);
    else if (type.endsWith('Embedder')) readModelCall(record, draft, Role.EMBEDDING);
    else if (record.name.endsWith('.step.tool')) draft.role = Role.TOOL;
    else if (type.endsWith('Agent')) readAgent(record, draft);
    else draft.role = record.name === SPAN_HAYSTACK_PIPELINE_RUN ? Role.WORKFLOW : Role.STEP;
  },
};

function readModelCall(record: SpanRecord, draft: Draft, role: typeof Role.INFERENCE | typeof Role.EMBEDDING): void {
  draft.role = role;
  draft.calls = 1;
  draft.wireDistance = WireDistance.FRAMEWORK;
  // The model that answered is in the reply's meta, and nowhere else.
  if (draft.model === '') draft.model = /"model"\s*:\s*"([^"]{1,200})"/.exec(outputOf(record))?.[1] ?? '';
  readAnyUsage(record, draft, true);
  if (draft.usage === undefined) draft.usageSource = draft.error === '' ? UsageSource.MISSING : UsageSource.NONE;
}

function outputOf({ attributes }: SpanRecord): string {
  const output = attributes.raw(Field.USAGE_OBJECT);
  return typeof output === 'string' ? output.slice(0, SEARCHED_MAX) : '';
}

/** A component's output is its reply; longer ones carry documents (characters). */
const SEARCHED_MAX = 50_000;

/** The component that holds an agent is called by the agent's name. */
function readAgent(record: SpanRecord, draft: Draft): void {
  draft.role = Role.AGENT;
  if (draft.agent === '') draft.agent = record.attributes.string(ATTR_HAYSTACK_COMPONENT_NAME) ?? '';
}
