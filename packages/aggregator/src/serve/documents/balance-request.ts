// What requests about balances may say.

import { BalanceUnit } from '@turnmeter/control-store';
import { z } from 'zod';
import { expecting } from '../parameters.ts';
import { unitSchema } from './balance-document.ts';

/** The largest whole number that the store holds. */
const AMOUNT_MAX = 2n ** 63n - 1n;
const NAME_LENGTH_MAX = 512;
const NOTE_LENGTH_MAX = 2000;

const oneLine = `one line of 1 to ${NAME_LENGTH_MAX} characters`;

export const accountPath: z.ZodObject<{ account: z.ZodString }> = z.object({
  account: z
    .string()
    .min(1, { error: expecting(oneLine) })
    .max(NAME_LENGTH_MAX, { error: expecting(oneLine) })
    .regex(/^\P{Cc}*$/u, { error: expecting(oneLine) })
    .describe('The account, percent-encoded.'),
});

/** JSON's numbers are exact up to 2^53; larger ones come as text. */
function amountOf(min: bigint): z.ZodType<bigint, string | number> {
  const error = expecting(`a whole number from ${min} to 2^63 - 1, above 2^53 as text`);
  // What is no whole number is not looked at further: `BigInt` throws where it is given one.
  return z
    .union([z.string().regex(/^\d{1,19}$/, { error, abort: true }), z.int({ error, abort: true })], { error })
    .refine((value) => BigInt(value) >= min && BigInt(value) <= AMOUNT_MAX, { error })
    .transform(BigInt);
}

const amount = amountOf(1n).describe('A whole number of the unit.');
const unit = unitSchema.default(BalanceUnit.TOKENS).describe('What the balance is of.');
const note = z
  .string({ error: expecting('text') })
  .max(NOTE_LENGTH_MAX, { error: expecting(`at most ${NOTE_LENGTH_MAX} characters`) })
  .optional()
  .describe('For people who read the ledger.');
const error = expecting('a time like 2026-12-31T00:00:00Z');
const expiresAt = z.iso
  .datetime({ offset: true, error })
  .transform((time) => Date.parse(time))
  .optional();

function entryNumber(what: string): z.ZodNumber {
  const expected = expecting(`the number of ${what}`);
  return z.int({ error: expected }).min(1, { error: expected }).describe(`The number of ${what}.`);
}

/** Of every request that changes a balance. */
export interface BalanceSaid {
  readonly unit: BalanceUnit;
  readonly note?: string | undefined;
}

type Body<Said> = z.ZodType<BalanceSaid & Said>;

function body<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape & typeof every, z.core.$strict> {
  return z.strictObject({ ...shape, ...every }, { error: expecting('a JSON object') });
}

const every = { unit, note };

export const grantBody: Body<{ amount: bigint; expires_at?: number | undefined }> = body({
  amount,
  expires_at: expiresAt.describe('What is not spent by then is gone.'),
});
export const reserveBody: Body<{ amount: bigint; expires_at?: number | undefined }> = body({
  amount,
  expires_at: expiresAt.describe('It is free again if nobody has settled or released it by then.'),
});
export const settleBody: Body<{ reservation: number; amount: bigint }> = body({
  reservation: entryNumber('the entry that reserved'),
  amount: amountOf(0n).describe('What was used; more than was reserved comes from what is free.'),
});
export const releaseBody: Body<{ reservation: number }> = body({ reservation: entryNumber('the entry that reserved') });
export const deductBody: Body<{ amount: bigint }> = body({ amount });
export const refundBody: Body<{ spending: number; amount: bigint; expires_at?: number | undefined }> = body({
  spending: entryNumber('the entry that settled or deducted'),
  amount,
  expires_at: expiresAt.describe('When what is given back expires. Default: never.'),
});

function pageLimit(max: number, what: string): z.ZodDefault<z.ZodCoercedNumber> {
  const expected = expecting(`a whole number from 1 to ${max}`);
  return z.coerce
    .number({ error: expected })
    .int({ error: expected })
    .min(1, { error: expected })
    .max(max, { error: expected })
    .default(100)
    .describe(what);
}

export const listQuery: z.ZodType<{ limit: number; cursor?: string | undefined }> = z.strictObject({
  limit: pageLimit(1000, 'Balances in one answer.'),
  cursor: z
    .string({ error: expecting('one value') })
    .optional()
    .describe('next_cursor of the page before.'),
});

export const balanceQuery: z.ZodType<{ unit: BalanceUnit; limit: number; before?: number | undefined }> =
  z.strictObject({
    unit,
    limit: pageLimit(1000, 'Entries in one answer.'),
    before: z.coerce
      .number({ error: expecting('the number of an entry') })
      .int({ error: expecting('the number of an entry') })
      .min(1, { error: expecting('the number of an entry') })
      .optional()
      .describe('Entries with a lower number.'),
  });
