import { CostSource } from './cost-status.ts';
import { AMOUNT_MAX } from './cost.ts';
import type { ReportedCost } from './price-request.ts';
import { Reason } from './reason.ts';

/** A reported cost as a whole number of nano-USD; undefined if it is none, or more than a call can cost. */
export function reportedNanoUsd({ nanoUsd }: ReportedCost): number | undefined {
  const amount = typeof nanoUsd === 'bigint' ? Number(nanoUsd) : Math.floor(nanoUsd + 0.5);
  return amount >= 0 && amount <= AMOUNT_MAX ? amount : undefined;
}

/** Whether a reported cost goes before the price list's. */
export function isAuthoritative({ source }: ReportedCost): boolean {
  return source === 'provider' || source === 'gateway';
}

/** Why a reported cost is no price for a call with so many tokens; undefined if it is one. */
export function refuseReported(reported: ReportedCost, tokens: number): Reason | undefined {
  const nanoUsd = reportedNanoUsd(reported);
  if (nanoUsd === undefined) {
    return Reason.ReportedInvalid;
  }
  // Gateways and client tables show 0 for what they have no price for; free models are in the price list.
  return nanoUsd === 0 && (tokens > 0 || !isAuthoritative(reported)) ? Reason.ReportedZero : undefined;
}

const SOURCES: Readonly<Record<ReportedCost['source'], CostSource>> = {
  provider: CostSource.Provider,
  gateway: CostSource.Gateway,
  client_table: CostSource.ClientTable,
};

/** The reporter as a source of cost. */
export function sourceOf({ source }: ReportedCost): CostSource {
  return SOURCES[source];
}
