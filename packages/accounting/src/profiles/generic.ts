// Records of producers nobody has heard of (design §3, point 13): usage under any spelling, what they are by their words, and where the
// words leave doubt by their place in the trace.

import { readClaim } from '../observe/call.ts';
import { type Draft, unquoted } from '../observe/draft.ts';
import { Coverage, Grain, type Role as RoleType, Role, UsageSource, WireDistance } from '../observe/observation.ts';
import { isCallRole } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import { distanceOf } from '../observe/serving.ts';
import type { SpanRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { agentInName, agentOfKind, type Likeness, likenessOf, reportsUsage, workflowInName } from './generic-role.ts';
import { readAnyUsage } from './generic-usage.ts';
import { transferTarget } from './langgraph.ts';
import { TELLING_NAME } from '../observe/observe.ts';

export const generic: Profile = {
  name: 'generic',
  title: 'Any other producer, read by the words in its names',
  marks: [],
  read(record, draft) {
    // Log records and metric points have profiles of their own; what none of them claims is not taken for usage.
    if (record.signal !== 'span') return;
    const name = record.name.slice(0, NAME_READ_MAX);
    if (!saysAnything(record, draft) && !TELLING_NAME.test(name)) return;
    const kind = unquoted(record.attributes.text(Field.KIND) ?? '');
    const likeness = likenessOf(kind, draft.operation, name);
    if (draft.operation === '') draft.operation = kind.toLowerCase().slice(0, 100);
    readAnyUsage(record, draft, likeness?.role === Role.INFERENCE);
    const isAgentKind = kind !== '' && likenessOf(kind, '', '')?.role === Role.AGENT;
    if (isAgentKind && draft.agent === '') draft.agent = agentOfKind(name);
    if (draft.usage === undefined) readWithoutUsage(record, draft, { name, kind, likeness });
    else readWithUsage(record, draft, { name, kind, likeness });
    // The outermost link of a chain is the run.
    if (draft.role === Role.STEP && kind !== '' && record.parentId === '') draft.role = Role.WORKFLOW;
    nameByRole(name, draft);
  },
};

/** Span names come from outside; what they say of themselves is in their beginning (characters). */
const NAME_READ_MAX = 200;

/** `tool search`, `execute_tool search`, `search_tool`. */
const NAMES_TOOL = /^(?:\w+[ _.])?tool(?:[ _.](?:call|execution|run))?[ :./[]+\S|\w[ _.-]tool$/i;

/** What a span's words say. */
interface Words {
  readonly name: string;
  readonly kind: string;
  readonly likeness: Likeness | undefined;
}

/** Fields of which any makes a record worth reading: most spans that get here are HTTP and have none. */
const TELLING_FIELDS = [
  Field.KIND,
  Field.INPUT,
  Field.OUTPUT,
  Field.TOTAL,
  Field.USAGE_OBJECT,
  Field.REQUEST_MODEL,
  Field.RESPONSE_MODEL,
  Field.OPERATION,
  Field.AGENT,
  Field.TOOL,
];

function saysAnything({ attributes }: SpanRecord, draft: Draft): boolean {
  return draft.agentId !== '' || TELLING_FIELDS.some((field) => attributes.rankOf(field) !== -1);
}

function readWithUsage(record: SpanRecord, draft: Draft, { name, likeness }: Words): void {
  draft.claim = readClaim(record, 'client_table');
  if (reportsUsage(`${draft.operation} ${name}`)) {
    // `record_usage`, `llm_usage`: bookkeeping beside the calls, which tells most of them a second time.
    draft.role = Role.USAGE;
    draft.coverage = Coverage.SIBLING;
    return;
  }
  const role = likeness?.role ?? Role.UNDECIDED;
  if (isCallRole(role)) {
    draft.role = role;
    draft.calls = 1;
    draft.wireDistance = distanceOf(record, draft.service, WireDistance.UNKNOWN);
    // An operation name alone does not make a leaf: `chat` may be the request that all agents answered.
    draft.mayBeSum = !isSurelyCall(record, draft);
    return;
  }
  if (role === Role.AGENT || role === Role.WORKFLOW || (role === Role.STEP && likeness?.isSure === true)) {
    draft.role = role;
    draft.grain = Grain.SUM;
    return;
  }
  draft.role = Role.UNDECIDED;
  draft.calls = 1;
}

/** A client's span, or one that names the very answer it got, sums up nothing. */
function isSurelyCall(record: SpanRecord, draft: Draft): boolean {
  return record.kind === 3 || draft.responseId !== '' || record.attributes.raw(Field.FINISH_REASONS) !== undefined;
}

function readWithoutUsage(record: SpanRecord, draft: Draft, words: Words): void {
  const { name, kind, likeness } = words;
  if (likeness === undefined) return;
  if (!isCallRole(likeness.role)) {
    // `task`, `run` and `process` are said of everything; only an agent's name makes them more than plumbing.
    if (likeness.isSure || draft.agent !== '') draft.role = likeness.role;
    // `dispatch_tool_call` and its like are plumbing around a tool, whose name they would tell.
    if (draft.role === Role.TOOL && draft.tool === '' && kind === '' && !NAMES_TOOL.test(name)) draft.role = Role.STEP;
    // An agent of whom not even the name is known says nothing about the calls below it.
    if (draft.role === Role.AGENT && draft.agent === '' && agentInName(name) === '') draft.role = Role.STEP;
    return;
  }
  if (!likeness.isSure || !isEvidentCall(record, draft, words)) return;
  draft.role = likeness.role;
  draft.calls = 1;
  draft.usageSource = draft.error === '' ? UsageSource.MISSING : UsageSource.NONE;
}

/**
 * Is it a model's call beyond doubt, so that its lack of usage is a loss to report? Its producer has a word for calls and uses it here,
 * or there is a model and a sign of an answer or of a provider.
 */
function isEvidentCall(record: SpanRecord, draft: Draft, { kind }: Words): boolean {
  const ofKind = kind === '' ? undefined : likenessOf(kind, '', '');
  if (ofKind?.isSure === true && isCallRole(ofKind.role)) return true;
  if (draft.model === '') return false;
  return isSurelyCall(record, draft) || draft.provider !== '' || draft.operation !== '';
}

/** Where a dialect keeps names in span names. */
function nameByRole(name: string, draft: Draft): void {
  const namesAgent: readonly RoleType[] = [Role.AGENT, Role.UNDECIDED];
  if (draft.agent === '' && namesAgent.includes(draft.role)) draft.agent = agentInName(name);
  if (draft.workflow === '' && draft.role === Role.WORKFLOW) draft.workflow = workflowInName(name);
  if (draft.role !== Role.TOOL) return;
  if (draft.tool === '') draft.tool = name.replace(/^(execute_|call_|run_)?tool[ :./_-]+/i, '').slice(0, 100);
  draft.handoffTo = transferTarget(draft.tool);
}
