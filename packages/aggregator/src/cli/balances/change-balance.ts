import { randomUUID } from 'node:crypto';
import type { BalanceAnswerDocument } from '../../serve/documents/balance-document.ts';
import { RefusedError } from '../client/refused-error.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import type { ServiceOptions } from '../options.ts';
import { unitOf } from './parse-amounts.ts';
import { printAnswer } from './print-balances.ts';

export interface ChangeOptions extends ServiceOptions {
  readonly usd?: true;
  readonly note?: string;
  readonly expires?: string;
  readonly idempotencyKey?: string;
}

export interface BalanceChange {
  readonly operation: 'grant' | 'reserve' | 'settle' | 'release' | 'deduct' | 'refund';
  readonly account: string;
  /** Of the request, beside what all have. */
  readonly body: object;
}

/** One entry of the ledger, even if the command is repeated with the key that it tells when it does not know what came of it. */
export async function changeBalance(
  invocation: Invocation,
  { operation, account, body }: BalanceChange,
  options: ChangeOptions,
): Promise<void> {
  const { note, expires, idempotencyKey = randomUUID() } = options;
  const said = {
    ...body,
    unit: unitOf(options),
    ...(note === undefined ? {} : { note }),
    ...(expires === undefined ? {} : { expires_at: expires }),
  };
  await withService(invocation, options, async ({ api }) => {
    const path = `api/v1/balances/${encodeURIComponent(account)}/${operation}`;
    try {
      const answer = await api.post<BalanceAnswerDocument>(path, said, {
        headers: { 'idempotency-key': idempotencyKey },
      });
      printAnswer(invocation, answer, options);
    } catch (error) {
      const isKnown = error instanceof RefusedError && error.status < 500;
      if (!isKnown) invocation.note(`It may have happened. Repeat it with --idempotency-key ${idempotencyKey}`);
      throw error;
    }
  });
}
