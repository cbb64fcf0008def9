// What rules are evaluated from; whoever wires the service together brings it.

import type { BalanceUnit, Balances } from '@turnmeter/control-store';
import type { Queries } from '../../query/queries.ts';

export interface AlertSources {
  readonly queries: Pick<
    Queries,
    'movedSessions' | 'sessionCosts' | 'finalizedSince' | 'sessionParts' | 'windowSums' | 'begunSessions'
  >;
  /** How long a session may be quiet before it is over, µs. */
  readonly idleUs: number;
  /** What a session of a workflow is expected to cost, US dollars; undefined where nobody knows. */
  readonly expectedUsd: (tenant: string, workflow: string) => Promise<number | undefined>;
  readonly balances: Pick<Balances, 'list'>;
  /** Days until a balance runs out, by the forecast; undefined where it does not, or nobody knows. */
  readonly daysLeft: (account: AccountName) => Promise<number | undefined>;
}

export interface AccountName {
  readonly tenant: string;
  readonly account: string;
  readonly unit: BalanceUnit;
}
