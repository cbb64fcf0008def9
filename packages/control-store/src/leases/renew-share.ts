// In: what a guard tells, and the shares of its session as they are stored. Out: the shares as they are then. Pure.

import { divideLimit, heldOf, type Claim } from './divide-limit.ts';
import type { LeaseRecord, SyncLease } from './leases.ts';

export interface RenewedShares {
  readonly mine: LeaseRecord;
  /** Others of which something was taken back. */
  readonly reclaimed: readonly LeaseRecord[];
}

/**
 * Calls of a guard that fell silent may be under way still, and will be billed: what was reserved for them is kept for so long after its lease
 * ran out. Longer than the longest answers of models take.
 */
const RESERVED_KEPT_MS = 15 * 60_000;

const UNITS = ['NanoUsd', 'Tokens'] as const;
type Unit = (typeof UNITS)[number];

export function renewShare(
  told: SyncLease,
  known: LeaseRecord | undefined,
  others: readonly LeaseRecord[],
): RenewedShares {
  const current = known === undefined ? undefined : reclaim(known, told.nowMs);
  const currentOthers = others.map((share) => reclaim(share, told.nowMs));
  const mine: LeaseRecord = {
    tenant: told.tenant,
    session: told.session,
    guard: told.guard,
    sequence: told.sequence,
    isOver: told.isOver === true,
    expiresAtMs: told.nowMs + told.ttlMs,
    toldAtMs: told.nowMs,
    ...renewUnit('NanoUsd', told, current, currentOthers),
    ...renewUnit('Tokens', told, current, currentOthers),
  };
  return { mine, reclaimed: currentOthers.filter((share, at) => share !== others[at]) };
}

type UnitShare<Name extends Unit> = Pick<
  LeaseRecord,
  `spent${Name}` | `reserved${Name}` | `leased${Name}` | `committed${Name}`
>;

function renewUnit<Name extends Unit>(
  unit: Name,
  told: SyncLease,
  known: LeaseRecord | undefined,
  others: readonly LeaseRecord[],
): UnitShare<Name> {
  // Told by one request it is never less than by an earlier one, even if the guard forgot.
  const spent = Math.max(told[`spent${unit}`], known?.[`spent${unit}`] ?? 0);
  const reserved = told[`reserved${unit}`];
  const kept = known?.[`committed${unit}`] ?? 0;
  // It may act by what it was told before for as long as it has not told that it knows better; more than is kept for it is not believed.
  const held = Math.min(told[`held${unit}`] ?? kept, kept);
  const lease =
    told.isOver === true
      ? overLease(told[`limit${unit}`], spent)
      : divideUnit(unit, told, { spent, reserved, committed: held }, others);
  return {
    [`spent${unit}`]: spent,
    [`reserved${unit}`]: reserved,
    [`leased${unit}`]: lease,
    [`committed${unit}`]: told.isOver === true ? spent + reserved : Math.max(lease ?? 0, held, spent),
  } as UnitShare<Name>;
}

function overLease(limit: number | null, spent: number): number | null {
  return limit === null ? null : spent;
}

function divideUnit(unit: Unit, told: SyncLease, mine: Claim, others: readonly LeaseRecord[]): number | null {
  return divideLimit({
    limit: told[`limit${unit}`],
    mine,
    want: told[`want${unit}`] ?? 0,
    others: others.map((share) => claimOf(share, unit)),
    othersLive: others.filter((share) => !share.isOver && share.expiresAtMs > told.nowMs).length,
    counted: told[`counted${unit}`] ?? 0,
  });
}

function claimOf(share: LeaseRecord, unit: Unit): Claim {
  return { spent: share[`spent${unit}`], reserved: share[`reserved${unit}`], committed: share[`committed${unit}`] };
}

/** A guard that was silent for too long keeps what it has spent, and for a while what it had reserved. */
function reclaim(share: LeaseRecord, nowMs: number): LeaseRecord {
  if (nowMs < share.expiresAtMs) return share;
  const isUnderWay = nowMs < share.expiresAtMs + RESERVED_KEPT_MS;
  const keptOf = (unit: Unit): number => {
    const claim = claimOf(share, unit);
    return Math.min(heldOf(claim), claim.spent + (isUnderWay ? claim.reserved : 0));
  };
  const committedNanoUsd = keptOf('NanoUsd');
  const committedTokens = keptOf('Tokens');
  if (committedNanoUsd === share.committedNanoUsd && committedTokens === share.committedTokens) return share;
  return { ...share, committedNanoUsd, committedTokens };
}
