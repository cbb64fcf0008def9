// Reads a record as an operator's description says.

import type { Draft } from '../observe/draft.ts';
import { setUsage } from '../observe/call.ts';
import { isResponseId, isSessionId } from '../observe/ids.ts';
import { isObject, parseObject } from '../observe/literal.ts';
import { readUsd } from '../observe/numbers.ts';
import { type CostClaim, Grain, type Role, SessionRank, UsageSource, WireDistance } from '../observe/observation.ts';
import { isCallRole } from '../observe/operations.ts';
import {
  type CacheBucket,
  fillFrom,
  type RawUsage,
  readRawUsage,
  type ReasoningBucket,
  setPart,
} from '../observe/usage.ts';
import { findUsage } from '../observe/usage-search.ts';
import type { Attributes, TelemetryRecord } from '../record/record.ts';
import type { GrainName, RoleName, WireName } from './profile-spec.ts';

type Names = readonly string[];
type Source = Names | { readonly constant: string };

/** A description, checked. */
export interface Reading {
  readonly roleOf: (record: TelemetryRecord) => RoleName;
  readonly usage:
    | {
        readonly parts: { readonly [Part in keyof RawUsage]?: Names | undefined };
        readonly object: Names | undefined;
        readonly cache: CacheBucket;
        readonly reasoning: ReasoningBucket;
        readonly isEstimated: boolean;
      }
    | undefined;
  readonly grain: GrainName | undefined;
  readonly names: {
    readonly model: Source | undefined;
    readonly provider: Source | undefined;
    readonly serviceTier: Source | undefined;
    readonly agent: Source | undefined;
    readonly workflow: Source | undefined;
    readonly workflowVersion: Source | undefined;
    readonly tool: Source | undefined;
    readonly responseId: Names | undefined;
    readonly session: Names | undefined;
    readonly conversation: Names | undefined;
    readonly user: Names | undefined;
    readonly error: Names | undefined;
  };
  readonly cost: { readonly from: Names; readonly by: CostClaim['by'] } | undefined;
  readonly wire: WireName;
  readonly purpose: string;
}

const WIRE: Readonly<Record<WireName, WireDistance>> = {
  provider_sdk: WireDistance.PROVIDER_SDK,
  client: WireDistance.CLIENT,
  gateway: WireDistance.GATEWAY,
  framework: WireDistance.FRAMEWORK,
};

const SUMMING: ReadonlySet<RoleName> = new Set<RoleName>(['agent', 'workflow', 'step']);

/** Roles whose usage is read under the usual names too. */
const SPENDING: ReadonlySet<RoleName> = new Set<RoleName>([...SUMMING, 'usage', 'undecided']);

export function readAs(reading: Reading, record: TelemetryRecord, draft: Draft): void {
  const role = reading.roleOf(record);
  const isCall = isCallRole(role satisfies Role);
  draft.role = role;
  draft.grain = reading.grain ?? (SUMMING.has(role) ? Grain.SUM : Grain.CALL);
  draft.calls = isCall || role === 'undecided' ? 1 : 0;
  draft.wireDistance = isCall ? WIRE[reading.wire] : WireDistance.UNKNOWN;
  if (reading.purpose !== '') draft.purpose = reading.purpose;
  readNames(reading.names, record.attributes, draft);
  // A tool's or a handoff's usual names repeat what the call beside it spent; the operator's own do not.
  if (reading.usage !== undefined || isCall || SPENDING.has(role)) readUsage(reading.usage, record, draft);
  if (isCall && draft.usage === undefined)
    draft.usageSource = draft.error === '' ? UsageSource.MISSING : UsageSource.NONE;
  const cost = reading.cost === undefined ? undefined : readUsd(firstValue(record.attributes, reading.cost.from));
  if (reading.cost !== undefined && cost !== undefined && cost > 0)
    draft.claim = { nanoUsd: cost, by: reading.cost.by };
}

/** What the description names wins; what it leaves out stays as the usual names told it. */
function readNames(names: Reading['names'], attributes: Attributes, draft: Draft): void {
  for (const part of ['provider', 'serviceTier', 'agent', 'workflow', 'workflowVersion', 'tool'] as const)
    draft[part] = textOf(names[part], attributes) ?? draft[part];
  draft.model = textOf(names.model, attributes) ?? draft.model;
  if (draft.requestModel === '') draft.requestModel = draft.model;
  draft.user = textOf(names.user, attributes) ?? draft.user;
  const responseId = textOf(names.responseId, attributes) ?? '';
  if (isResponseId(responseId)) draft.responseId = responseId;
  const conversation = textOf(names.conversation, attributes) ?? '';
  if (isSessionId(conversation)) draft.conversation = conversation;
  const session = textOf(names.session, attributes) ?? '';
  if (isSessionId(session)) {
    draft.session = session;
    draft.sessionRank = SessionRank.APP;
  }
  draft.error = errorOf(names.error, attributes) ?? draft.error;
}

function textOf(source: Source | undefined, attributes: Attributes): string | undefined {
  if (source === undefined) return undefined;
  if ('constant' in source) return source.constant;
  for (const name of source) {
    const text = attributes.string(name);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

/** A class of failure, or a yes or no. */
function errorOf(names: Names | undefined, attributes: Attributes): string | undefined {
  const value = names === undefined ? undefined : firstValue(attributes, names);
  if (value === true || value === 'true') return 'error';
  if (value === false || value === 'false' || value === '') return '';
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 100) : undefined;
}

function firstValue(attributes: Attributes, names: Names): ReturnType<Attributes['get']> {
  for (const name of names) {
    const value = attributes.get(name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function readUsage(spec: Reading['usage'], { attributes }: TelemetryRecord, draft: Draft): void {
  const usual = readRawUsage(attributes, draft.notes);
  const raw: RawUsage = {};
  for (const [part, names] of Object.entries(spec?.parts ?? {}) as [keyof RawUsage, Names | undefined][]) {
    if (names === undefined) continue;
    setPart(raw, part, firstValue(attributes, names), draft.notes);
    // Named by the operator: the usual name is then something else.
    delete usual[part];
  }
  const value = spec?.object === undefined ? undefined : firstValue(attributes, spec.object);
  const object = typeof value === 'string' ? parseObject(value) : value;
  const shaped = isObject(object) ? findUsage(object) : undefined;
  if (shaped !== undefined) fillFrom(raw, shaped.raw);
  else fillFrom(raw, usual);
  setUsage(draft, raw, {
    cache: spec === undefined || spec.cache === 'auto' ? (shaped?.cache ?? 'auto') : spec.cache,
    reasoning: spec === undefined || spec.reasoning === 'auto' ? (shaped?.reasoning ?? 'auto') : spec.reasoning,
    isEstimated: spec?.isEstimated ?? false,
  });
}
