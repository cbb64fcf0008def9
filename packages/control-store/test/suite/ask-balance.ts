import type { BalanceAnswer, ControlStore } from '../../src/index.ts';
import type { Asked } from './token-oracle.ts';

export interface AskOptions {
  readonly tenant: string;
  readonly nowMs: number;
  readonly idempotencyKey: string;
}

export const ACCOUNT = { account: 'trial', unit: 'tokens' } as const;

export function ask({ balances }: ControlStore, asked: Asked, options: AskOptions): Promise<BalanceAnswer> {
  const request = { ...ACCOUNT, ...options, by: 'ada' };
  switch (asked.kind) {
    case 'grant':
    case 'reserve': {
      const { amount, expiresInMs } = asked;
      const expiry = expiresInMs === null ? {} : { expiresAtMs: options.nowMs + expiresInMs };
      return balances[asked.kind]({ ...request, amount: BigInt(amount), ...expiry });
    }
    case 'deduct':
      return balances.deduct({ ...request, amount: BigInt(asked.amount) });
    case 'settle':
      return balances.settle({ ...request, amount: BigInt(asked.amount), reservation: asked.refersTo });
    case 'release':
      return balances.release({ ...request, reservation: asked.refersTo });
    case 'refund':
      return balances.refund({ ...request, amount: BigInt(asked.amount), spending: asked.refersTo });
  }
}
