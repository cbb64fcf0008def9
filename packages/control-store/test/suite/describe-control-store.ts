import { describeBalanceProperties } from './balance-properties.ts';
import { describeAlerts } from './describe-alerts.ts';
import { describeBalances } from './describe-balances.ts';
import { describeLeases } from './describe-leases.ts';
import { describePolicies } from './describe-policies.ts';
import { describeStops } from './describe-stops.ts';
import { describeLeaseProperties } from './lease-properties.ts';
import type { Stores } from './stores.ts';

/** What holds of every control store, whatever it is kept in. */
export function describeControlStore(stores: Stores, { runs }: { readonly runs: number }): void {
  describePolicies(stores);
  describeStops(stores);
  describeAlerts(stores);
  describeLeases(stores);
  describeLeaseProperties(stores, runs);
  describeBalances(stores);
  describeBalanceProperties(stores, runs);
}
