// In: a tenant, or for operators all of them. Out: one result for each thing that has to hold. Refused: nothing; a check that cannot be run
// has failed.

import { setTimeout as wait } from 'node:timers/promises';
import { CHECK_RULES, type CheckRule } from './check-rules.ts';
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
  const ask = (query: Sql, options: ReadOptions): Promise<string> => valueOf(reader, tenants, query, options);
  const [expected, found] = [
    rule.expected === '0' ? '0' : await ask(rule.expected, LIMITS),
    await ask(rule.found, { ...LIMITS, ...rule.foundWith }),
  ];
  const { name, description } = rule;
  return { name, description, expected, found, isOk: expected === found, milliseconds: performance.now() - begin };
}

async function valueOf(reader: Reader, tenants: Tenants, query: Sql, options: ReadOptions): Promise<string> {
  const isEvery = tenants === 'every';
  const parameters = { tenant: isEvery ? '' : tenants.tenant, is_every: isEvery };
  try {
    return (await reader.row<{ value: string }>(query, parameters, options)).value;
  } catch (error) {
    return `could not be asked: ${(error as Error).message}`;
  }
}
