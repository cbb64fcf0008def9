// Prepaid balances as answers have them. Amounts are text: they are exact, and JSON's numbers are not above 2^53.

import { type Balance, type BalanceEntry, BalanceEntryKind, BalanceUnit } from '@turnmeter/control-store';
import { z } from 'zod';
import { isoOf } from './amounts.ts';
import { type RunOutDocument, runOutSchema } from './run-out-document.ts';

export interface BalanceDocument {
  readonly account: string;
  readonly unit: BalanceUnit;
  readonly free: string;
  readonly reserved: string;
  readonly spent: string;
  readonly expired: string;
  readonly granted: string;
  readonly refunded: string;
  readonly uncovered: string;
  readonly expiring: readonly { readonly amount: string; readonly expires_at: string }[];
  readonly open_reservations: number;
  readonly entries: number;
  readonly created_at: string;
}

export interface BalanceEntryDocument {
  readonly entry: number;
  readonly kind: BalanceEntryKind;
  readonly amount: string;
  readonly uncovered: string;
  readonly refers_to: number | null;
  readonly expires_at: string | null;
  readonly idempotency_key: string | null;
  readonly note: string | null;
  readonly by: string | null;
  readonly at: string;
  readonly free_after: string;
  readonly reserved_after: string;
  readonly spent_after: string;
}

/** What a request did: the entry it made, and the balance right after. */
export interface BalanceAnswerDocument extends BalanceEntryDocument {
  readonly account: string;
  readonly unit: BalanceUnit;
}

const amount = z.string().regex(/^\d+$/).meta({ description: 'A whole number of the unit.' });
const time = z.iso.datetime();

export const unitSchema: z.ZodEnum<typeof BalanceUnit> = z.enum(BalanceUnit);

const balanceShape = {
  account: z.string(),
  unit: unitSchema.meta({ description: 'An account has a balance in each; nano_usd are billionths of a US dollar.' }),
  free: amount.meta({ description: 'What can be reserved or deducted.' }),
  reserved: amount.meta({ description: 'Set aside for calls that are under way.' }),
  spent: amount,
  expired: amount.meta({ description: 'Granted until a time, and not spent by then.' }),
  granted: amount,
  refunded: amount.meta({ description: 'granted + refunded = free + reserved + spent + expired, always.' }),
  uncovered: amount.meta({ description: 'Used by calls beyond everything that was free, and not paid for.' }),
  expiring: z
    .array(z.object({ amount, expires_at: time }))
    .readonly()
    .meta({ description: 'Parts of what is free that expire, the earliest first; they are spent first.' }),
  open_reservations: z.number().int(),
  entries: z.number().int(),
  created_at: time,
};

export const balanceSchema: z.ZodType<BalanceDocument> = z.object(balanceShape).meta({ id: 'Balance' });

const entryShape = {
  entry: z.number().int().meta({ description: '1, 2, 3 … of the balance; later requests name it.' }),
  kind: z.enum(BalanceEntryKind),
  amount,
  uncovered: amount.meta({ description: 'Part of what was settled that nothing was left for.' }),
  refers_to: z.number().int().nullable().meta({ description: 'The reservation, or the spending that is refunded.' }),
  expires_at: time.nullable(),
  idempotency_key: z.string().nullable().meta({ description: 'Null for what nobody asked for: expire and lapse.' }),
  note: z.string().nullable(),
  by: z.string().nullable().meta({ description: 'The name of the key that asked.' }),
  at: time,
  free_after: amount,
  reserved_after: amount,
  spent_after: amount,
};

export const balanceEntrySchema: z.ZodType<BalanceEntryDocument> = z.object(entryShape).meta({ id: 'BalanceEntry' });

export const balanceAnswerSchema: z.ZodType<BalanceAnswerDocument> = z
  .object({ account: z.string(), unit: unitSchema, ...entryShape })
  .meta({ id: 'BalanceAnswer' });

/** One balance, with a page of its entries. */
export interface BalanceWithEntriesDocument {
  readonly balance: BalanceDocument;
  readonly run_out: RunOutDocument;
  readonly ledger: readonly BalanceEntryDocument[];
  readonly next_before: number | null;
}

export const balanceWithEntriesSchema: z.ZodType<BalanceWithEntriesDocument> = z
  .object({
    balance: balanceSchema,
    run_out: runOutSchema.meta({
      description: 'When it will be used up or gone, by what this account spent day by day.',
    }),
    ledger: z.array(balanceEntrySchema).readonly().meta({ description: 'The newest first.' }),
    next_before: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'For `before` of the next page; null: the last one.' }),
  })
  .meta({ id: 'BalanceWithEntries' });

export function balanceDocument(balance: Balance): BalanceDocument {
  const { account, unit, free, reserved, spent, expired, granted, refunded, uncovered } = balance;
  return {
    account,
    unit,
    free: `${free}`,
    reserved: `${reserved}`,
    spent: `${spent}`,
    expired: `${expired}`,
    granted: `${granted}`,
    refunded: `${refunded}`,
    uncovered: `${uncovered}`,
    expiring: balance.expiring.map((part) => ({
      amount: `${part.amount}`,
      expires_at: isoOf(part.expiresAtMs * 1000),
    })),
    open_reservations: balance.reservations,
    entries: balance.sequence,
    created_at: isoOf(balance.createdAtMs * 1000),
  };
}

export function balanceEntryDocument(entry: BalanceEntry): BalanceEntryDocument {
  return {
    entry: entry.sequence,
    kind: entry.kind,
    amount: `${entry.amount}`,
    uncovered: `${entry.uncovered}`,
    refers_to: entry.refersTo,
    expires_at: entry.expiresAtMs === null ? null : isoOf(entry.expiresAtMs * 1000),
    idempotency_key: entry.idempotencyKey,
    note: entry.note,
    by: entry.by,
    at: isoOf(entry.atMs * 1000),
    free_after: `${entry.freeAfter}`,
    reserved_after: `${entry.reservedAfter}`,
    spent_after: `${entry.spentAfter}`,
  };
}
