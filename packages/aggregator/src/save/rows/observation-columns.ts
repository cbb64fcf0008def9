// The table `observations`, column by column: where each value is in an observation, and how it gets back there.

import type {
  Alias,
  Authority,
  CostClaim,
  Coverage,
  Grain,
  Observation,
  Role,
  SessionRank,
  Signal,
  SpanLink,
  Usage,
  UsageSource,
  WireDistance,
} from '@turnmeter/accounting';
import {
  type ChargeLists,
  chargesOf,
  emptyChargeLists,
  kindOfCharge,
  nameOfCharge,
  quantityOfCharge,
} from './charge-lists.ts';
import { columnKinds } from './column-kinds.ts';
import { listOf } from './list-of.ts';
import type { Column } from '../native/column.ts';
import type { StampDraft } from './stamp.ts';
import { traceIdOf, traceKeyOf } from './trace-key.ts';

/** An observation as it was saved. */
export interface SavedObservation {
  readonly observation: Observation;
  /** When it came, µs. */
  readonly arrivedUs: number;
  /** Day of its segment, in days since 1970. */
  readonly day: number;
}

/** An observation while it is read: what is one object there may be several columns here. */
export interface ObservationDraft extends StampDraft {
  readonly said: Mutable<Observation>;
  readonly usage: Mutable<Usage>;
  hasUsage: boolean;
  linkTraceIds: readonly string[];
  linkSpanIds: readonly string[];
  readonly authority: Mutable<Authority>;
  readonly claim: { nanoUsd: number; by: string };
  readonly charges: ChargeLists;
  readonly alias: { kind: string; from: string; to: string };
}

type Mutable<Row> = { -readonly [Name in keyof Row]: Row[Name] };

const { id, label, flag, rank, optionalRank, amount, integer, time, ids, labels, floats } = columnKinds<
  Observation,
  ObservationDraft
>();

/** Tokens that were not reported are -1 and not 0. */
const counted = (tokens: number | undefined): number => tokens ?? -1;
const reported = (value: number): number | undefined => (value === -1 ? undefined : value);

/** In the order of the table, behind those of the stamp. One column a line reads as the table it is. */
// prettier-ignore
export const OBSERVATION_COLUMNS: readonly Column<Observation, ObservationDraft>[] = [
  label('tenant', (row) => row.tenant, ({ said }, value) => (said.tenant = value)),
  label('signal', (row) => row.signal, ({ said }, value) => (said.signal = value as Signal)),
  id('trace_key', traceKeyOf, ({ said }, value) => (said.traceId = traceIdOf(value))),
  id('record_id', (row) => row.id, ({ said }, value) => (said.id = value)),
  id('parent_id', (row) => row.parentId, ({ said }, value) => (said.parentId = value)),
  ids('link_trace_ids', (row) => listOf(row.links, traceIdOfLink), (draft, value) => (draft.linkTraceIds = value)),
  ids('link_span_ids', (row) => listOf(row.links, spanIdOfLink), (draft, value) => (draft.linkSpanIds = value)),
  label('profile', (row) => row.profile, ({ said }, value) => (said.profile = value)),
  label('role', (row) => row.role, ({ said }, value) => (said.role = value as Role)),
  label('operation', (row) => row.operation, ({ said }, value) => (said.operation = value)),
  label('scope', (row) => row.scope, ({ said }, value) => (said.scope = value)),
  label('service', (row) => row.service, ({ said }, value) => (said.service = value)),
  label('process', (row) => row.process, ({ said }, value) => (said.process = value)),
  time('started_at', (row) => row.startUs, ({ said }, value) => (said.startUs = value)),
  time('ended_at', (row) => row.endUs, ({ said }, value) => (said.endUs = value)),
  flag('has_usage', (row) => row.usage !== undefined, (draft, value) => (draft.hasUsage = value)),
  integer('input_tokens', (row) => counted(row.usage?.input), ({ usage }, value) => (usage.input = reported(value))),
  integer('output_tokens', (row) => counted(row.usage?.output), ({ usage }, value) => (usage.output = reported(value))),
  integer('cache_read_tokens', (row) => counted(row.usage?.cacheRead), ({ usage }, value) => (usage.cacheRead = reported(value))),
  integer('cache_write_tokens', (row) => counted(row.usage?.cacheWrite), ({ usage }, value) => (usage.cacheWrite = reported(value))),
  integer('cache_write_1h_tokens', (row) => counted(row.usage?.cacheWrite1h), ({ usage }, value) => (usage.cacheWrite1h = reported(value))),
  integer('reasoning_tokens', (row) => counted(row.usage?.reasoning), ({ usage }, value) => (usage.reasoning = reported(value))),
  integer('input_audio_tokens', (row) => counted(row.usage?.inputAudio), ({ usage }, value) => (usage.inputAudio = reported(value))),
  integer('output_audio_tokens', (row) => counted(row.usage?.outputAudio), ({ usage }, value) => (usage.outputAudio = reported(value))),
  integer('input_image_tokens', (row) => counted(row.usage?.inputImage), ({ usage }, value) => (usage.inputImage = reported(value))),
  integer('output_image_tokens', (row) => counted(row.usage?.outputImage), ({ usage }, value) => (usage.outputImage = reported(value))),
  label('grain', (row) => row.grain, ({ said }, value) => (said.grain = value as Grain)),
  label('usage_source', (row) => row.usageSource, ({ said }, value) => (said.usageSource = value as UsageSource)),
  label('coverage', (row) => row.coverage, ({ said }, value) => (said.coverage = value as Coverage)),
  flag('may_be_sum', (row) => row.mayBeSum, ({ said }, value) => (said.mayBeSum = value)),
  rank('wire_distance', (row) => row.wireDistance, ({ said }, value) => (said.wireDistance = value as WireDistance)),
  label('authority_family', (row) => row.authority?.family ?? '', ({ authority }, value) => (authority.family = value)),
  optionalRank('authority_rank', (row) => row.authority?.rank ?? -1, ({ authority }, value) => (authority.rank = value)),
  amount('calls', (row) => row.calls, ({ said }, value) => (said.calls = value)),
  label('provider', (row) => row.provider, ({ said }, value) => (said.provider = value)),
  label('model', (row) => row.model, ({ said }, value) => (said.model = value)),
  label('request_model', (row) => row.requestModel, ({ said }, value) => (said.requestModel = value)),
  id('response_id', (row) => row.responseId, ({ said }, value) => (said.responseId = value)),
  label('service_tier', (row) => row.serviceTier, ({ said }, value) => (said.serviceTier = value)),
  integer('claim_nano_usd', (row) => row.claim?.nanoUsd ?? 0, ({ claim }, value) => (claim.nanoUsd = value)),
  label('claim_by', (row) => row.claim?.by ?? '', ({ claim }, value) => (claim.by = value)),
  labels('charge_kinds', (row) => listOf(row.charges, kindOfCharge), ({ charges }, value) => (charges.kinds = value)),
  labels('charge_names', (row) => listOf(row.charges, nameOfCharge), ({ charges }, value) => (charges.names = value)),
  floats('charge_quantities', (row) => listOf(row.charges, quantityOfCharge), ({ charges }, value) => (charges.quantities = value)),
  amount('time_to_first_token_us', (row) => row.timeToFirstTokenUs, ({ said }, value) => (said.timeToFirstTokenUs = value)),
  id('session_id', (row) => row.session, ({ said }, value) => (said.session = value)),
  rank('session_rank', (row) => row.sessionRank, ({ said }, value) => (said.sessionRank = value as SessionRank)),
  id('conversation', (row) => row.conversation, ({ said }, value) => (said.conversation = value)),
  label('agent', (row) => row.agent, ({ said }, value) => (said.agent = value)),
  label('agent_id', (row) => row.agentId, ({ said }, value) => (said.agentId = value)),
  flag('ends_agent', (row) => row.endsAgent, ({ said }, value) => (said.endsAgent = value)),
  flag('can_be_turn', (row) => row.canBeTurn, ({ said }, value) => (said.canBeTurn = value)),
  label('workflow', (row) => row.workflow, ({ said }, value) => (said.workflow = value)),
  label('workflow_version', (row) => row.workflowVersion, ({ said }, value) => (said.workflowVersion = value)),
  id('user_id', (row) => row.user, ({ said }, value) => (said.user = value)),
  label('tool', (row) => row.tool, ({ said }, value) => (said.tool = value)),
  id('tool_call_id', (row) => row.toolCallId, ({ said }, value) => (said.toolCallId = value)),
  label('handoff_to', (row) => row.handoffTo, ({ said }, value) => (said.handoffTo = value)),
  label('purpose', (row) => row.purpose, ({ said }, value) => (said.purpose = value)),
  label('error_type', (row) => row.error, ({ said }, value) => (said.error = value)),
  label('alias_kind', (row) => row.alias?.kind ?? '', ({ alias }, value) => (alias.kind = value)),
  id('alias_from', (row) => row.alias?.from ?? '', ({ alias }, value) => (alias.from = value)),
  id('alias_to', (row) => row.alias?.to ?? '', ({ alias }, value) => (alias.to = value)),
  labels('notes', (row) => row.notes, ({ said }, value) => (said.notes = value as Observation['notes'])),
];

const traceIdOfLink = ({ traceId }: SpanLink): string => traceId;
const spanIdOfLink = ({ spanId }: SpanLink): string => spanId;

/** A draft that says what a column that is missing means. */
export function draftObservation(): ObservationDraft {
  return {
    segment: 0,
    writer: '',
    day: 0,
    arrivedUs: 0,
    said: { ...SAYS_NOTHING },
    usage: { ...NO_USAGE },
    hasUsage: false,
    linkTraceIds: [],
    linkSpanIds: [],
    authority: { family: '', rank: -1 },
    claim: { nanoUsd: 0, by: '' },
    charges: emptyChargeLists(),
    alias: { kind: '', from: '', to: '' },
  };
}

export function finishObservation(draft: ObservationDraft): SavedObservation {
  const { said, authority, claim, alias } = draft;
  if (draft.hasUsage) said.usage = draft.usage;
  if (authority.rank !== -1) said.authority = authority;
  if (claim.by !== '') said.claim = claim as CostClaim;
  if (alias.kind !== '') said.alias = alias as Alias;
  if (draft.linkTraceIds.length > 0) {
    said.links = draft.linkTraceIds.map((traceId, at) => ({ traceId, spanId: draft.linkSpanIds[at] ?? '' }));
  }
  said.charges = chargesOf(draft.charges);
  return { observation: said, arrivedUs: draft.arrivedUs, day: draft.day };
}

const NO_USAGE: Usage = {
  input: undefined,
  output: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  cacheWrite1h: undefined,
  reasoning: undefined,
  inputAudio: undefined,
  outputAudio: undefined,
  inputImage: undefined,
  outputImage: undefined,
};

const SAYS_NOTHING: Observation = {
  tenant: '',
  signal: 'span',
  id: '',
  traceId: '',
  parentId: '',
  links: [],
  profile: '',
  role: 'lineage',
  operation: '',
  scope: '',
  service: '',
  process: '',
  startUs: 0,
  endUs: 0,
  usage: undefined,
  grain: 'call',
  usageSource: 'none',
  coverage: 'below',
  mayBeSum: false,
  wireDistance: 4,
  authority: undefined,
  calls: 0,
  provider: '',
  model: '',
  requestModel: '',
  responseId: '',
  serviceTier: '',
  claim: undefined,
  charges: [],
  timeToFirstTokenUs: 0,
  session: '',
  sessionRank: 9,
  conversation: '',
  agent: '',
  agentId: '',
  endsAgent: false,
  canBeTurn: true,
  workflow: '',
  workflowVersion: '',
  user: '',
  tool: '',
  toolCallId: '',
  handoffTo: '',
  purpose: '',
  error: '',
  alias: undefined,
  notes: [],
};
