// The table `entries`, column by column: where each value is in a posting, and how it gets back there.

import type { CostClaim, Entry, EntryKind, Reason, Signal, UsageSource } from '@turnmeter/accounting';
import type { CostSource, CostStatus, Reason as CostReason } from '@turnmeter/pricing';
import {
  type ChargeLists,
  chargesOf,
  emptyChargeLists,
  kindOfCharge,
  nameOfCharge,
  quantityOfCharge,
} from './charge-lists.ts';
import type { EntryCost, PricedPosting } from '../../price/price-postings.ts';
import { columnKinds } from './column-kinds.ts';
import { amountsOfParts, type CostPartLists, namesOfParts, readCostParts } from './cost-parts.ts';
import { listOf } from './list-of.ts';
import type { Column } from '../native/column.ts';
import type { StampDraft } from './stamp.ts';
import { traceIdOf, traceKeyOf } from './trace-key.ts';

/** A posting while it is read. */
export interface PostingDraft extends StampDraft {
  readonly posting: { sign: 1 | -1; because: Reason | '' };
  readonly entry: Mutable<Entry>;
  readonly claim: { nanoUsd: number; by: string };
  readonly charges: ChargeLists;
  readonly cost: {
    status: string;
    source: CostSource;
    totalNanoUsd: number;
    otherNanoUsd: number;
    priceId: string;
    bookVersion: string;
    unpricedTokens: number;
    reasons: readonly CostReason[];
  };
  readonly costParts: CostPartLists;
}

type Mutable<Row> = { -readonly [Name in keyof Row]: Row[Name] };

const { id, label, flag, sign, amount, integer, integers, time, labels, floats } = columnKinds<
  PricedPosting,
  PostingDraft
>();

/** In the order of the table, behind those of the stamp. One column a line reads as the table it is. */
// prettier-ignore
export const ENTRY_COLUMNS: readonly Column<PricedPosting, PostingDraft>[] = [
  sign('sign', (row) => row.sign, ({ posting }, value) => (posting.sign = value === -1 ? -1 : 1)),
  label('because', (row) => row.because, ({ posting }, value) => (posting.because = value as Reason)),
  label('tenant', ({ entry }) => entry.tenant, ({ entry }, value) => (entry.tenant = value)),
  id('session_id', ({ entry }) => entry.session, ({ entry }, value) => (entry.session = value)),
  label('workflow', ({ entry }) => entry.workflow, ({ entry }, value) => (entry.workflow = value)),
  label('workflow_version', ({ entry }) => entry.workflowVersion, ({ entry }, value) => (entry.workflowVersion = value)),
  id('user_id', ({ entry }) => entry.user, ({ entry }, value) => (entry.user = value)),
  label('agent', ({ entry }) => entry.agent, ({ entry }, value) => (entry.agent = value)),
  label('provider', ({ entry }) => entry.provider, ({ entry }, value) => (entry.provider = value)),
  label('model', ({ entry }) => entry.model, ({ entry }, value) => (entry.model = value)),
  label('request_model', ({ entry }) => entry.requestModel, ({ entry }, value) => (entry.requestModel = value)),
  label('tool', ({ entry }) => entry.tool, ({ entry }, value) => (entry.tool = value)),
  label('handoff_to', ({ entry }) => entry.handoffTo, ({ entry }, value) => (entry.handoffTo = value)),
  label('purpose', ({ entry }) => entry.purpose, ({ entry }, value) => (entry.purpose = value)),
  label('operation', ({ entry }) => entry.operation, ({ entry }, value) => (entry.operation = value)),
  label('service', ({ entry }) => entry.service, ({ entry }, value) => (entry.service = value)),
  label('profile', ({ entry }) => entry.profile, ({ entry }, value) => (entry.profile = value)),
  label('signal', ({ entry }) => entry.signal, ({ entry }, value) => (entry.signal = value as Signal)),
  id('trace_key', traceKeyOfEntry, ({ entry }, value) => (entry.traceId = traceIdOf(value))),
  id('record_id', ({ entry }) => entry.recordId, ({ entry }, value) => (entry.recordId = value)),
  label('kind', ({ entry }) => entry.kind, ({ entry }, value) => (entry.kind = value as EntryKind)),
  label('reason', ({ entry }) => entry.reason, ({ entry }, value) => (entry.reason = value as Reason)),
  id('counted_by', ({ entry }) => entry.countedBy, ({ entry }, value) => (entry.countedBy = value)),
  time('started_at', ({ entry }) => entry.startUs, ({ entry }, value) => (entry.startUs = value)),
  time('ended_at', ({ entry }) => entry.endUs, ({ entry }, value) => (entry.endUs = value)),
  amount('time_to_first_token_us', ({ entry }) => entry.timeToFirstTokenUs, ({ entry }, value) => (entry.timeToFirstTokenUs = value)),
  label('usage_source', ({ entry }) => entry.usageSource, ({ entry }, value) => (entry.usageSource = value as UsageSource)),
  flag('is_input_known', ({ entry }) => entry.isInputKnown, ({ entry }, value) => (entry.isInputKnown = value)),
  flag('is_output_known', ({ entry }) => entry.isOutputKnown, ({ entry }, value) => (entry.isOutputKnown = value)),
  label('service_tier', ({ entry }) => entry.serviceTier, ({ entry }, value) => (entry.serviceTier = value)),
  label('error_type', ({ entry }) => entry.error, ({ entry }, value) => (entry.error = value)),
  labels('notes', ({ entry }) => entry.notes, ({ entry }, value) => (entry.notes = value)),
  amount('inferences', ({ entry }) => entry.inferences, ({ entry }, value) => (entry.inferences = value)),
  amount('turns', ({ entry }) => entry.turns, ({ entry }, value) => (entry.turns = value)),
  amount('tool_calls', ({ entry }) => entry.toolCalls, ({ entry }, value) => (entry.toolCalls = value)),
  amount('handoffs', ({ entry }) => entry.handoffs, ({ entry }, value) => (entry.handoffs = value)),
  amount('errors', ({ entry }) => entry.errors, ({ entry }, value) => (entry.errors = value)),
  amount('input_tokens', ({ entry }) => entry.input, ({ entry }, value) => (entry.input = value)),
  amount('output_tokens', ({ entry }) => entry.output, ({ entry }, value) => (entry.output = value)),
  amount('cache_read_tokens', ({ entry }) => entry.cacheRead, ({ entry }, value) => (entry.cacheRead = value)),
  amount('cache_write_tokens', ({ entry }) => entry.cacheWrite, ({ entry }, value) => (entry.cacheWrite = value)),
  amount('cache_write_1h_tokens', ({ entry }) => entry.cacheWrite1h, ({ entry }, value) => (entry.cacheWrite1h = value)),
  amount('reasoning_tokens', ({ entry }) => entry.reasoning, ({ entry }, value) => (entry.reasoning = value)),
  amount('input_audio_tokens', ({ entry }) => entry.inputAudio, ({ entry }, value) => (entry.inputAudio = value)),
  amount('output_audio_tokens', ({ entry }) => entry.outputAudio, ({ entry }, value) => (entry.outputAudio = value)),
  amount('input_image_tokens', ({ entry }) => entry.inputImage, ({ entry }, value) => (entry.inputImage = value)),
  amount('output_image_tokens', ({ entry }) => entry.outputImage, ({ entry }, value) => (entry.outputImage = value)),
  amount('response_time_us', ({ entry }) => entry.responseTimeUs, ({ entry }, value) => (entry.responseTimeUs = value)),
  amount('human_wait_us', ({ entry }) => entry.humanWaitUs, ({ entry }, value) => (entry.humanWaitUs = value)),
  amount('excluded_input_tokens', ({ entry }) => entry.excludedInput, ({ entry }, value) => (entry.excludedInput = value)),
  amount('excluded_output_tokens', ({ entry }) => entry.excludedOutput, ({ entry }, value) => (entry.excludedOutput = value)),
  integer('cost_nano_usd', (row) => row.cost?.totalNanoUsd ?? 0, ({ cost }, value) => (cost.totalNanoUsd = value)),
  integer('other_cost_nano_usd', (row) => row.cost?.otherNanoUsd ?? 0, ({ cost }, value) => (cost.otherNanoUsd = value)),
  labels('cost_parts', (row) => namesOfParts(row.cost), ({ costParts }, value) => (costParts.names = value)),
  integers('cost_part_nano_usd', (row) => amountsOfParts(row.cost), ({ costParts }, value) => (costParts.nanoUsd = value)),
  label('cost_status', (row) => row.cost?.status ?? '', ({ cost }, value) => (cost.status = value)),
  label('cost_source', (row) => row.cost?.source ?? '', ({ cost }, value) => (cost.source = value as CostSource)),
  label('price_id', (row) => row.cost?.priceId ?? '', ({ cost }, value) => (cost.priceId = value)),
  label('book_version', (row) => row.cost?.bookVersion ?? '', ({ cost }, value) => (cost.bookVersion = value)),
  labels('cost_reasons', (row) => row.cost?.reasons ?? NO_REASONS, ({ cost }, value) => (cost.reasons = value as readonly CostReason[])),
  amount('unpriced_tokens', (row) => row.cost?.unpricedTokens ?? 0, ({ cost }, value) => (cost.unpricedTokens = value)),
  integer('claim_nano_usd', ({ entry }) => entry.claim?.nanoUsd ?? 0, ({ claim }, value) => (claim.nanoUsd = value)),
  label('claim_by', ({ entry }) => entry.claim?.by ?? '', ({ claim }, value) => (claim.by = value)),
  labels('charge_kinds', ({ entry }) => listOf(entry.charges, kindOfCharge), ({ charges }, value) => (charges.kinds = value)),
  labels('charge_names', ({ entry }) => listOf(entry.charges, nameOfCharge), ({ charges }, value) => (charges.names = value)),
  floats('charge_quantities', ({ entry }) => listOf(entry.charges, quantityOfCharge), ({ charges }, value) => (charges.quantities = value)),
];

const NO_REASONS: readonly CostReason[] = [];

function traceKeyOfEntry({ entry }: PricedPosting): string {
  return traceKeyOf({ signal: entry.signal, traceId: entry.traceId, id: entry.recordId });
}

/** A draft that says what a column that is missing means. */
export function draftPosting(): PostingDraft {
  return {
    segment: 0,
    writer: '',
    day: 0,
    arrivedUs: 0,
    posting: { sign: 1, because: '' },
    entry: { ...ADDS_NOTHING },
    claim: { nanoUsd: 0, by: '' },
    charges: emptyChargeLists(),
    cost: {
      status: '',
      source: 'none',
      totalNanoUsd: 0,
      otherNanoUsd: 0,
      priceId: '',
      bookVersion: '',
      unpricedTokens: 0,
      reasons: NO_REASONS,
    },
    costParts: { names: [], nanoUsd: [] },
  };
}

export function finishPosting({ posting, entry, claim, charges, cost, costParts }: PostingDraft): PricedPosting {
  if (claim.by !== '') entry.claim = claim as CostClaim;
  entry.charges = chargesOf(charges);
  return { ...posting, entry, cost: cost.status === '' ? undefined : finishCost(cost, costParts) };
}

function finishCost(cost: PostingDraft['cost'], lists: CostPartLists): EntryCost {
  return {
    ...cost,
    ...readCostParts(lists),
    status: cost.status as CostStatus,
    tokenNanoUsd: cost.totalNanoUsd - cost.otherNanoUsd,
  };
}

const ADDS_NOTHING: Entry = {
  inferences: 0,
  turns: 0,
  toolCalls: 0,
  handoffs: 0,
  errors: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  inputAudio: 0,
  outputAudio: 0,
  inputImage: 0,
  outputImage: 0,
  responseTimeUs: 0,
  humanWaitUs: 0,
  excludedInput: 0,
  excludedOutput: 0,
  tenant: '',
  session: '',
  workflow: '',
  workflowVersion: '',
  user: '',
  agent: '',
  provider: '',
  model: '',
  requestModel: '',
  tool: '',
  handoffTo: '',
  purpose: '',
  operation: '',
  service: '',
  profile: '',
  signal: 'span',
  traceId: '',
  recordId: '',
  kind: 'excluded',
  reason: 'witness',
  countedBy: '',
  startUs: 0,
  endUs: 0,
  timeToFirstTokenUs: 0,
  usageSource: 'none',
  isInputKnown: false,
  isOutputKnown: false,
  serviceTier: '',
  claim: undefined,
  charges: [],
  error: '',
  notes: [],
};
