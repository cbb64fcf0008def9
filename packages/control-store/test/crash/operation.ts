// What the writer sends, line by line, before it is asked and after it was answered: whoever reads the lines knows what must be in the ledger.

import type { BalanceAnswer, BalanceUnit, ControlStore } from '../../src/index.ts';

export interface Operation {
  readonly key: string;
  readonly account: string;
  readonly kind: 'grant' | 'reserve' | 'settle' | 'release' | 'deduct' | 'refund';
  readonly amount: number;
  /** The entry that it names; 0 for none. */
  readonly refersTo: number;
}

export const TENANT = 'crash';
export const UNIT: BalanceUnit = 'tokens';

export function perform(
  { balances }: ControlStore,
  { key, account, kind, amount, refersTo }: Operation,
): Promise<BalanceAnswer> {
  const request = { tenant: TENANT, account, unit: UNIT, by: 'writer', idempotencyKey: key, nowMs: Date.now() };
  switch (kind) {
    case 'grant':
    case 'reserve':
    case 'deduct':
      return balances[kind]({ ...request, amount: BigInt(amount) });
    case 'settle':
      return balances.settle({ ...request, amount: BigInt(amount), reservation: refersTo });
    case 'release':
      return balances.release({ ...request, reservation: refersTo });
    case 'refund':
      return balances.refund({ ...request, amount: BigInt(amount), spending: refersTo });
  }
}

/** What a line tells: an operation that is asked now; that it was answered, and by which entry; or that it was refused. */
export type Line =
  | ({ readonly is: 'asked' } & Operation)
  | { readonly is: 'answered'; readonly key: string; readonly entry: number }
  | { readonly is: 'refused'; readonly key: string; readonly code: string };
