import { type Balance, BalanceUnit } from '@turnmeter/control-store';
import type { AlertRule, Reading } from '../alert-rule.ts';
import { AlertMeasure } from '../measures.ts';
import type { AlertSources } from './alert-sources.ts';

/** Accounts of a tenant that are looked at in one pass. */
const ACCOUNTS_MAX = 1000;
const NANO_USD = 1e9;

export function readBalances({ balances }: AlertSources, tenant: string, nowMs: number): Promise<readonly Balance[]> {
  return balances.list({ tenant, nowMs, limit: ACCOUNTS_MAX });
}

/** Days by account, for the balances of which the forecast knows them. */
export async function readDaysLeft(
  { daysLeft }: AlertSources,
  balances: readonly Balance[],
): Promise<ReadonlyMap<Balance, number>> {
  const days = new Map<Balance, number>();
  for (const balance of balances) {
    const left = await daysLeft(balance);
    if (left !== undefined) days.set(balance, left);
  }
  return days;
}

export interface BalanceFacts {
  readonly balances: readonly Balance[];
  /** Empty where no rule asks for it. */
  readonly days: ReadonlyMap<Balance, number>;
}

export function balanceReadings({ what }: AlertRule, { balances, days }: BalanceFacts): readonly Reading[] {
  return balances.flatMap((balance): readonly Reading[] => {
    const value = valueOf(what, balance, days);
    if (value === undefined) return [];
    // An account may have a balance in each unit, and days are of either.
    const name = what === AlertMeasure.BALANCE_DAYS ? `${balance.account} (${balance.unit})` : balance.account;
    return [{ subject: { kind: 'account', name, workflow: '' }, value }];
  });
}

function valueOf(what: AlertMeasure, balance: Balance, days: ReadonlyMap<Balance, number>): number | undefined {
  const { unit, free } = balance;
  switch (what) {
    case AlertMeasure.BALANCE_TOKENS:
      return unit === BalanceUnit.TOKENS ? Number(free) : undefined;
    case AlertMeasure.BALANCE_USD:
      return unit === BalanceUnit.NANO_USD ? Number(free) / NANO_USD : undefined;
    case AlertMeasure.BALANCE_DAYS:
      return days.get(balance);
    default:
      return undefined;
  }
}
