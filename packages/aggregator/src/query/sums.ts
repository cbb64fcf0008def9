// What can be added up: every amount of the ledger with its sign. The one list that queries, stored summaries and figures share.

import { sql, type Sql } from './sql.ts';

/** Amounts that fit a number: counts, tokens, µs. */
export const COUNTS = [
  'records',
  'inferences',
  'turns',
  'tool_calls',
  'handoffs',
  'errors',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cache_write_1h_tokens',
  'reasoning_tokens',
  'excluded_input_tokens',
  'excluded_output_tokens',
  'response_time_us',
  'human_wait_us',
  'unpriced_tokens',
  'time_us',
] as const;

/** Amounts of money, billionths of a US dollar: a year of a large tenant passes what a number holds exactly. */
export const MONEY = ['cost_nano_usd', 'other_cost_nano_usd', 'claim_nano_usd'] as const;

type Count = (typeof COUNTS)[number];
type Money = (typeof MONEY)[number];

/** Sums over standing entries, named as the columns are. */
export type Sums = Readonly<Record<Count, number> & Record<Money, bigint>>;

/** A row of sums as ClickHouse writes it: 64-bit integers as text. */
export type SumsRow = Readonly<Record<Count | Money, string>>;

/** The sums of a group of entries, written as the projections have them, or they would not be found. */
export const SUMS: Sql = sql`
  sum(entries.sign) AS records,
  sum(entries.sign * entries.inferences) AS inferences,
  sum(entries.sign * entries.turns) AS turns,
  sum(entries.sign * entries.tool_calls) AS tool_calls,
  sum(entries.sign * entries.handoffs) AS handoffs,
  sum(entries.sign * entries.errors) AS errors,
  sum(entries.sign * entries.input_tokens) AS input_tokens,
  sum(entries.sign * entries.output_tokens) AS output_tokens,
  sum(entries.sign * entries.cache_read_tokens) AS cache_read_tokens,
  sum(entries.sign * entries.cache_write_tokens) AS cache_write_tokens,
  sum(entries.sign * entries.cache_write_1h_tokens) AS cache_write_1h_tokens,
  sum(entries.sign * entries.reasoning_tokens) AS reasoning_tokens,
  sum(entries.sign * entries.excluded_input_tokens) AS excluded_input_tokens,
  sum(entries.sign * entries.excluded_output_tokens) AS excluded_output_tokens,
  sum(entries.sign * entries.response_time_us) AS response_time_us,
  sum(entries.sign * entries.human_wait_us) AS human_wait_us,
  sum(entries.sign * entries.unpriced_tokens) AS unpriced_tokens,
  sum(entries.sign * (toUnixTimestamp64Micro(entries.ended_at) - toUnixTimestamp64Micro(entries.started_at))) AS time_us,
  sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd,
  sum(entries.sign * entries.other_cost_nano_usd) AS other_cost_nano_usd,
  sum(entries.sign * entries.claim_nano_usd) AS claim_nano_usd`;

/** Sums that are still being added up. */
export type SumsDraft = { -readonly [Name in keyof Sums]: Sums[Name] };

export const NO_SUMS: Sums = Object.freeze({
  ...(Object.fromEntries(COUNTS.map((name) => [name, 0])) as Record<Count, number>),
  ...(Object.fromEntries(MONEY.map((name) => [name, 0n])) as Record<Money, bigint>),
});

export function readSums(row: SumsRow): SumsDraft {
  const sums: SumsDraft = { ...NO_SUMS };
  for (const name of COUNTS) sums[name] = Number(row[name]);
  for (const name of MONEY) sums[name] = BigInt(row[name]);
  return sums;
}

export function addInto(total: SumsDraft, sums: Sums): void {
  for (const name of COUNTS) total[name] += sums[name];
  for (const name of MONEY) total[name] += sums[name];
}
