// In: a tenant, or for operators all of them. Out: one result for each thing that has to hold. Refused: nothing; a check that cannot be run
// has failed.

import { setTimeout as wait } from 'node:timers/promises';
import { CHECK_RULES, type CheckRule } from './check-rules.ts';
import { QueryError } from './query-error.ts';
import type { Reader, ReadOptions } from './reader.ts';
import type { Sql } from './sql.ts';
import type { Tenants } from './workflows.ts';

export interface CheckResult {
  readonly name: string;
  readonly description: string;
  /** A number of faults, or a fingerprint of many sums. */
  readonly expected: string;
  readonly found: string;
  readonly isOk: boolean;
  readonly milliseconds: number;
}

/** An audit reads everything. */
const LIMITS: ReadOptions = { secondsMax: 600, memoryBytesMax: 4 * 1024 ** 3, threadsMax: 1 };
/** What is being written while the two queries run, or refreshed only afterwards, is no fault: look again. */
const ATTEMPTS = 4;
const ATTEMPT_SPACING_MS = 3000;

/** Results as they come, in the order of {@link CHECK_RULES}. */
export async function* check(
  reader: Reader,
  tenants: Tenants,
  spacingMs: number = ATTEMPT_SPACING_MS,
): AsyncGenerator<CheckResult> {
  for (const rule of CHECK_RULES) {
    reader.signal?.throwIfAborted();
    let result = await runRule(reader, tenants, rule);
    for (let attempt = 1; attempt < ATTEMPTS && !result.isOk; attempt++) {
      await wait(spacingMs, undefined, { signal: reader.signal });
      result = await runRule(reader, tenants, rule);
    }
    yield result;
  }
}

async function runRule(reader: Reader, tenants: Tenants, rule: CheckRule): Promise<CheckResult> {
  const begin = performance.now();
  const { name, description } = rule;
  const { expected, found, isOk } = await compare(reader, tenants, rule);
  return { name, description, expected, found, isOk, milliseconds: performance.now() - begin };
}

async function compare(
  reader: Reader,
  tenants: Tenants,
  rule: CheckRule,
): Promise<Pick<CheckResult, 'expected' | 'found' | 'isOk'>> {
  const isEvery = tenants === 'every';
  const parameters = { tenant: isEvery ? '' : tenants.tenant, is_every: isEvery };
  const ask = async (query: Sql, options: ReadOptions): Promise<string> =>
    (await reader.row<{ value: string }>(query, parameters, options)).value;
  try {
    const expected = rule.expected === '0' ? '0' : await ask(rule.expected, LIMITS);
    const found = await ask(rule.found, { ...LIMITS, ...rule.foundWith });
    return { expected, found, isOk: expected === found };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { expected: 'an answer', found: `could not be asked: ${error.code}`, isOk: false };
  }
}
