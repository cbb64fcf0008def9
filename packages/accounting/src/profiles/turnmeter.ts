// Turnmeter's own spans: what they say is meant as it is said, and nothing is guessed. Process and service count the same this way.

import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_TURNMETER_COST_ITEM,
  ATTR_TURNMETER_COST_QUANTITY,
  ATTR_TURNMETER_COST_SOURCE,
  ATTR_TURNMETER_HANDOFF_FROM_AGENT_NAME,
  ATTR_TURNMETER_PURPOSE,
  ATTR_TURNMETER_TURN_OUTCOME,
  ATTR_TURNMETER_TURN_UNTIMED,
  ATTR_TURNMETER_USAGE_SOURCE,
  CostSource,
  METRIC_TURNMETER_TOKENS,
  MetricLabel,
  Purpose,
  SCOPE_TURNMETER_INSTRUMENTATION,
} from '@turnmeter/semconv';
import { readCall, readClaim } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import type { Note } from '../observe/notes.ts';
import { type Charge, type CostClaim, Role, type Usage, UsageSource, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import { serviceFamily } from '../observe/service-family.ts';
import { readTokenPoint } from '../observe/token-point.ts';
import { readRawUsage } from '../observe/usage.ts';
import type { Attributes, AttributeValue, MetricPoint, TelemetryRecord } from '../record/record.ts';
import type { TokenPart } from '../vocabulary/metric-words.ts';
import { MetricRank } from './gen-ai-metrics.ts';

export const turnmeter: Profile = {
  name: 'turnmeter',
  title: 'Turnmeter (@turnmeter/instrumentation)',
  // A Collector may lose the scope; these two are on no span but ours.
  marks: [ATTR_TURNMETER_USAGE_SOURCE, ATTR_TURNMETER_TURN_OUTCOME],
  scopes: [SCOPE_TURNMETER_INSTRUMENTATION],
  claims: (record) =>
    record.signal === 'metric'
      ? record.metric === METRIC_TURNMETER_TOKENS
      : record.signal === 'span' && record.attributes.has(ATTR_GEN_AI_OPERATION_NAME),
  read(record, draft) {
    const { attributes } = record;
    if (record.signal === 'metric') {
      readPart(record, draft);
      return;
    }
    const role = roleOfOperation(draft.operation) ?? defaultRole(attributes);
    const purpose = attributes.string(ATTR_TURNMETER_PURPOSE) ?? '';
    draft.purpose = purpose === Purpose.TURN ? '' : purpose;
    if (isCallRole(role)) {
      readInference(record, draft);
      return;
    }
    draft.role = role;
    if (role === Role.AGENT) readTurn(attributes, draft);
    if (role === Role.TOOL) draft.charges = chargesOf(attributes);
  },
};

/** An operation that is not listed is a model call where it says where its tokens come from. */
function defaultRole(attributes: Attributes): Role {
  return attributes.has(ATTR_TURNMETER_USAGE_SOURCE) ? Role.INFERENCE : Role.STEP;
}

/** The numbers are those of the call's witness nearest to the wire, whoever made the span. */
function readInference(record: TelemetryRecord, draft: Draft): void {
  const noted = [...draft.notes];
  readCall(record, draft, { wireDistance: WireDistance.CLIENT, cache: 'inside', reasoning: 'inside' });
  draft.notes = noted;
  draft.usage = usageOf(record.attributes, draft.notes);
  draft.usageSource = sourceOf(record.attributes, draft);
  draft.claim = readClaim(record, claimant(record.attributes));
  draft.charges = chargesOf(record.attributes);
}

/** Buckets are inclusive already; what was not reported is not there. */
function usageOf(attributes: Attributes, notes: Note[]): Usage | undefined {
  const raw = readRawUsage(attributes, notes);
  if (raw.input === undefined && raw.output === undefined) return undefined;
  const { cacheWrite5m, cacheWrite1h } = raw;
  const isSplit = cacheWrite5m !== undefined || cacheWrite1h !== undefined;
  return {
    input: raw.input,
    output: raw.output,
    cacheRead: raw.cacheRead,
    cacheWrite: raw.cacheWrite ?? (isSplit ? (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0) : undefined),
    cacheWrite1h,
    reasoning: raw.reasoning,
    inputAudio: raw.inputAudio,
    outputAudio: raw.outputAudio,
    inputImage: raw.inputImage,
    outputImage: raw.outputImage,
  };
}

/** A failed call without usage used nothing that anybody could have reported, unless it says so: its answer had begun. */
function sourceOf(attributes: Attributes, { usage, error }: Draft): UsageSource {
  const told = attributes.string(ATTR_TURNMETER_USAGE_SOURCE);
  if (usage === undefined) return error === '' || told === UsageSource.MISSING ? UsageSource.MISSING : UsageSource.NONE;
  return told === UsageSource.ESTIMATED ? UsageSource.ESTIMATED : UsageSource.PROVIDER;
}

/** A cost that the answer told is passed on as such; one that was looked up in the process is a client's table. */
function claimant(attributes: Attributes): CostClaim['by'] {
  const source = attributes.string(ATTR_TURNMETER_COST_SOURCE);
  return source === CostSource.PROVIDER || source === CostSource.GATEWAY ? source : CostSource.CLIENT_TABLE;
}

/**
 * An agent's go is a turn because it says so, with or without a model call in it: an agent may be a function or a person. The handoff
 * is told by the turn that follows it. What the one before announces (an event, a transfer tool) may never come about.
 */
function readTurn(attributes: Attributes, draft: Draft): void {
  draft.calls = 1;
  if (attributes.get(ATTR_TURNMETER_TURN_UNTIMED) === true) draft.notes.push('untimed_turn');
  const from = attributes.string(ATTR_TURNMETER_HANDOFF_FROM_AGENT_NAME) ?? '';
  if (from !== '' && from !== draft.agent) draft.handoffTo = draft.agent;
}

/**
 * Input and output are counted by the conventions' own histogram, which also counts calls; the counter beside it knows their parts.
 * Both are read only where no span of the service was.
 */
function readPart(record: MetricPoint, draft: Draft): void {
  const { attributes } = record;
  const part = PARTS.get(attributes.string(MetricLabel.DIRECTION) ?? '');
  if (part === undefined) return;
  readTokenPoint(record, draft, {
    part,
    authority: { family: serviceFamily(draft.service), rank: MetricRank.TOKEN_USAGE },
  });
  draft.agent = attributes.string(MetricLabel.AGENT) ?? '';
  draft.workflow = attributes.string(MetricLabel.WORKFLOW) ?? '';
  draft.model = attributes.string(MetricLabel.MODEL) ?? '';
}

const PARTS: ReadonlyMap<string, TokenPart> = new Map([
  ['cache_read', 'cacheRead'],
  ['cache_write', 'cacheWrite'],
  ['reasoning', 'reasoning'],
]);

/** What costs money and is no token: one kind and its number, or lists of both in step. */
function chargesOf(attributes: Attributes): readonly Charge[] {
  const items = listOf(attributes.get(ATTR_TURNMETER_COST_ITEM));
  const quantities = listOf(attributes.get(ATTR_TURNMETER_COST_QUANTITY));
  return items.slice(0, CHARGES_MAX).flatMap((kind, at) => {
    const quantity = quantities[at] ?? 1;
    return typeof kind === 'string' && kind !== '' && typeof quantity === 'number'
      ? [{ kind, name: '', quantity }]
      : [];
  });
}

/** More kinds than any answer has. */
const CHARGES_MAX = 32;

function listOf(value: AttributeValue | undefined): readonly AttributeValue[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
