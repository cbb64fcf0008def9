// In: a rule, how it stood, what is measured now. Out: how it stands, and what is to be told. Pure: the same in, the same out.

import { createHash } from 'node:crypto';
import {
  type AlertRule,
  type AlertState,
  AlertStatus,
  type AlertSubject,
  type Reading,
  type ResolvedBecause,
} from './alert-rule.ts';

export interface StepInput {
  readonly rule: AlertRule;
  /** By fingerprint. */
  readonly states: ReadonlyMap<string, AlertState>;
  readonly readings: readonly Reading[];
  readonly nowMs: number;
}

export interface StepOutput {
  /** States that are new or changed. */
  readonly changed: readonly AlertState[];
  /** Fingerprints of states that are over without anybody having been told of them, or long told. */
  readonly gone: readonly string[];
  /** States that somebody is to be told of. They are owed until they are put down as told ({@link asTold}). */
  readonly owed: readonly AlertState[];
}

/** Subjects of one rule that may be pending or firing at a time: the furthest over the threshold. */
export const SUBJECTS_MAX = 1000;
/** How long a resolved state is kept, ms: what is over is not told of twice, and people can look at it. */
export const RESOLVED_KEPT_MS = 86_400_000;

export function stepRule({ rule, states, readings, nowMs }: StepInput): StepOutput {
  const readingOf = new Map(readings.map((reading) => [keyOf(reading.subject), reading]));
  const known = new Map([...states.values()].map((state) => [keyOf(state.subject), state]));
  const beyond = withinBounds(rule, readingOf, known);
  const changed: AlertState[] = [];
  const gone: string[] = [];
  const owed: AlertState[] = [];
  for (const key of new Set([...known.keys(), ...beyond.keys()])) {
    const before = known.get(key);
    const next = nextState(before, beyond.get(key), { rule, nowMs, reading: readingOf.get(key) });
    if (next === undefined) {
      if (before !== undefined) gone.push(before.fingerprint);
      continue;
    }
    if (isOwed(next, rule, nowMs)) owed.push(next);
    if (next !== before) changed.push(next);
  }
  return { changed, gone, owed };
}

/** A state after its message was queued. */
export function asTold(state: AlertState, nowMs: number): AlertState {
  const toldStatus = state.status === AlertStatus.RESOLVED ? 'resolved' : 'firing';
  return { ...state, toldStatus, toldAtMs: nowMs, told: state.told + 1 };
}

/** The same for a rule and a subject for as long as both are. */
function fingerprintOf({ id }: Pick<AlertRule, 'id'>, { kind, name }: AlertSubject): string {
  return createHash('sha256')
    .update(JSON.stringify([id, kind, name]))
    .digest('hex')
    .slice(0, 32);
}

/** Most subjects are looked at in vain: they have no fingerprint made. */
function keyOf({ kind, name }: AlertSubject): string {
  return `${kind} ${name}`;
}

/** Readings beyond the threshold: of those that are known already, and of others the furthest, as long as there is room. */
function withinBounds(
  { comparison, threshold }: AlertRule,
  readings: ReadonlyMap<string, Reading>,
  known: ReadonlyMap<string, AlertState>,
): ReadonlyMap<string, Reading> {
  const sign = comparison === 'above' ? 1 : -1;
  const beyond = [...readings].filter(([, { value }]) => sign * (value - threshold) > 0);
  if (beyond.length <= SUBJECTS_MAX) return new Map(beyond);
  const rank = ([key, { value }]: readonly [string, Reading]): readonly [number, number] => [
    isOpen(known.get(key)) ? 1 : 0,
    sign * value,
  ];
  const ranked = beyond.map((one) => ({ one, rank: rank(one) }));
  ranked.sort((a, b) => b.rank[0] - a.rank[0] || b.rank[1] - a.rank[1]);
  return new Map(ranked.slice(0, SUBJECTS_MAX).map(({ one }) => one));
}

function isOpen(state: AlertState | undefined): boolean {
  return state !== undefined && state.status !== AlertStatus.RESOLVED;
}

interface Circumstances {
  readonly rule: AlertRule;
  readonly nowMs: number;
  /** What is measured, beyond the threshold or not; undefined where nothing is. */
  readonly reading: Reading | undefined;
}

/** How it goes on with one subject; undefined where there is nothing to remember. */
function nextState(
  before: AlertState | undefined,
  beyond: Reading | undefined,
  around: Circumstances,
): AlertState | undefined {
  if (beyond !== undefined && beyond.overSinceMs === undefined) return whileItHolds(before, beyond, around);
  if (beyond?.overSinceMs !== undefined) return whatIsOver(before, beyond, around);
  const { reading } = around;
  return whileItDoesNot(before, reading === undefined ? 'no_data' : 'condition', around);
}

function whileItHolds(
  before: AlertState | undefined,
  { subject, value }: Reading,
  { rule, nowMs }: Circumstances,
): AlertState {
  const state = isOpen(before) && before !== undefined ? before : newState(rule, { subject, value, nowMs });
  if (state.status === AlertStatus.FIRING || nowMs - state.sinceMs < rule.forSeconds * 1000) {
    return state.value === value && state === before ? before : { ...state, value };
  }
  return { ...state, status: AlertStatus.FIRING, value, firedAtMs: nowMs };
}

/** A session that ended before anybody looked: told once where that needs no waiting, and resolved by the next step. */
function whatIsOver(
  before: AlertState | undefined,
  { subject, value, overSinceMs = 0 }: Reading,
  around: Circumstances,
): AlertState | undefined {
  const { rule, nowMs } = around;
  if (isOpen(before)) return whileItDoesNot(before, 'over', around);
  const isKnown = before !== undefined && overSinceMs <= (before.resolvedAtMs ?? 0);
  if (isKnown) return whileItDoesNot(before, 'over', around);
  if (rule.forSeconds > 0 || overSinceMs < rule.changedAtMs) return whileItDoesNot(before, 'over', around);
  return { ...newState(rule, { subject, value, nowMs }), status: AlertStatus.FIRING, firedAtMs: nowMs };
}

function whileItDoesNot(
  before: AlertState | undefined,
  resolvedBecause: ResolvedBecause,
  { nowMs, reading }: Circumstances,
): AlertState | undefined {
  if (before === undefined || before.status === AlertStatus.PENDING) return undefined;
  if (before.status === AlertStatus.FIRING) {
    // Nobody heard of it: there is nothing to take back.
    if (before.toldStatus === undefined) return undefined;
    const value = reading?.value ?? before.value;
    return { ...before, status: AlertStatus.RESOLVED, value, resolvedAtMs: nowMs, resolvedBecause };
  }
  const isKept = before.toldStatus === 'firing' || nowMs - (before.resolvedAtMs ?? 0) < RESOLVED_KEPT_MS;
  return isKept ? before : undefined;
}

interface NewState {
  readonly subject: AlertSubject;
  readonly value: number;
  readonly nowMs: number;
}

function newState(rule: AlertRule, { subject, value, nowMs }: NewState): AlertState {
  return {
    fingerprint: fingerprintOf(rule, subject),
    ruleId: rule.id,
    tenant: rule.tenant,
    subject,
    status: AlertStatus.PENDING,
    value,
    sinceMs: nowMs,
    firedAtMs: undefined,
    resolvedAtMs: undefined,
    resolvedBecause: undefined,
    toldStatus: undefined,
    toldAtMs: undefined,
    told: 0,
  };
}

function isOwed(
  { status, toldStatus, toldAtMs = 0 }: AlertState,
  { repeatSeconds }: AlertRule,
  nowMs: number,
): boolean {
  switch (status) {
    case AlertStatus.PENDING:
      return false;
    case AlertStatus.FIRING:
      return toldStatus !== 'firing' || nowMs - toldAtMs >= repeatSeconds * 1000;
    case AlertStatus.RESOLVED:
      return toldStatus === 'firing';
  }
}
