// A rule as the control store keeps it. The secret is kept beside the rule and leaves the store in no other way than as a signature.

import type { AlertRule as StoredRule, AlertState as StoredState, JsonDocument } from '@turnmeter/control-store';
import {
  type AlertRule,
  type AlertRuleDraft,
  type AlertState,
  type AlertSubject,
  type ResolvedBecause,
} from './alert-rule.ts';
import { MEASURES } from './measures.ts';

export interface KeptRule {
  readonly rule: AlertRule;
  readonly secret: string;
  readonly version: number;
}

export interface RuleContent {
  readonly draft: AlertRuleDraft;
  readonly secret: string;
  readonly createdAtMs: number;
  readonly disabledBecause: string;
}

export function ruleDocument({ draft, secret, createdAtMs, disabledBecause }: RuleContent): JsonDocument {
  const { where, windowSeconds, ...others } = draft;
  return {
    ...others,
    where: { workflow: where.workflow, agent: where.agent, model: where.model },
    windowSeconds: windowSeconds ?? null,
    secret,
    createdAtMs,
    disabledBecause,
  };
}

/** What the document of a rule holds, as {@link ruleDocument} writes it. */
interface RuleFields extends Omit<AlertRuleDraft, 'windowSeconds'> {
  readonly windowSeconds: number | null;
  readonly secret: string;
  readonly createdAtMs: number;
  readonly disabledBecause: string;
}

/** Undefined for a rule of a later version of this program, which measures something that this one does not know. */
export function keptRule({ tenant, id, version, by, atMs, document }: StoredRule): KeptRule | undefined {
  const { secret, windowSeconds, ...fields } = document as unknown as RuleFields;
  if (!Object.hasOwn(MEASURES, fields.what)) return undefined;
  return {
    rule: { ...fields, windowSeconds: windowSeconds ?? undefined, id, tenant, changedAtMs: atMs, changedBy: by },
    secret,
    version,
  };
}

export function draftOf(rule: AlertRule): AlertRuleDraft {
  const { name, what, where, comparison, threshold, windowSeconds, forSeconds, repeatSeconds, webhookUrl, isEnabled } =
    rule;
  return { name, what, where, comparison, threshold, windowSeconds, forSeconds, repeatSeconds, webhookUrl, isEnabled };
}

/** What the store has no column for. */
interface StateFields {
  readonly subject: AlertSubject;
  readonly value: number;
  readonly firedAtMs: number | null;
  readonly resolvedAtMs: number | null;
  readonly resolvedBecause: ResolvedBecause | null;
  readonly toldStatus: 'firing' | 'resolved' | null;
  readonly told: number;
}

export function storedState(state: AlertState): StoredState {
  const { tenant, ruleId, fingerprint, status, sinceMs, toldAtMs, subject, value, told } = state;
  return {
    tenant,
    ruleId,
    fingerprint,
    state: status,
    sinceMs,
    lastDeliveryMs: toldAtMs ?? null,
    document: {
      subject: { kind: subject.kind, name: subject.name, workflow: subject.workflow },
      value,
      firedAtMs: state.firedAtMs ?? null,
      resolvedAtMs: state.resolvedAtMs ?? null,
      resolvedBecause: state.resolvedBecause ?? null,
      toldStatus: state.toldStatus ?? null,
      told,
    },
  };
}

export function keptState({
  tenant,
  ruleId,
  fingerprint,
  state,
  sinceMs,
  lastDeliveryMs,
  document,
}: StoredState): AlertState {
  const fields = document as unknown as StateFields;
  return {
    tenant,
    ruleId,
    fingerprint,
    status: state,
    sinceMs,
    subject: fields.subject,
    value: fields.value,
    firedAtMs: fields.firedAtMs ?? undefined,
    resolvedAtMs: fields.resolvedAtMs ?? undefined,
    resolvedBecause: fields.resolvedBecause ?? undefined,
    toldStatus: fields.toldStatus ?? undefined,
    toldAtMs: lastDeliveryMs ?? undefined,
    told: fields.told,
  };
}
