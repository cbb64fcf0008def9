// `turnmeter balance` against a running service.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  BalanceAnswerDocument,
  BalanceWithEntriesDocument,
} from '../../../src/serve/documents/balance-document.ts';
import { runService, type RunningService } from '../running-service.ts';

let service: RunningService;
beforeAll(async () => {
  service = await runService();
});
afterAll(() => service.stop());

function balance(...words: readonly string[]): ReturnType<RunningService['turnmeter']> {
  return service.turnmeter('balance', ...words);
}

describe('balance', () => {
  it('grants, reserves, settles, releases, deducts, refunds and shows what came of it', async () => {
    const granted = await balance('grant', 'acme', '1_000_000', '--expires', '30d', '--note', 'trial');
    expect(granted.stdout).toBe('entry 1: grant 1,000,000; 1,000,000 free\n');
    await balance('reserve', 'acme', '20000', '--expires', '15m');
    expect((await balance('settle', 'acme', '2', '13250')).stdout).toBe('entry 3: settle 13,250; 986,750 free\n');
    await balance('reserve', 'acme', '50');
    expect((await balance('release', 'acme', '4')).stdout).toBe('entry 5: release 50; 986,750 free\n');
    await balance('deduct', 'acme', '750');
    expect((await balance('refund', 'acme', '6', '250')).stdout).toBe('entry 7: refund 250; 986,250 free\n');
    const shown = await balance('show', 'acme');
    expect(shown.stdout).toMatch(/free +986,250/);
    expect(shown.stdout).toMatch(/runs out +unknown, after 0 whole days of spending/);
    expect(shown.stdout).toMatch(/1 +\S+ \S+ +grant +1,000,000 +1,000,000 .*trial/);
    const { balance: json } = await service.json<BalanceWithEntriesDocument>('balance', 'show', 'acme');
    expect(json).toMatchObject({ free: '986250', spent: '14000', entries: 7 });
    expect((await balance('list')).stdout).toMatch(/acme +986,250/);
  });

  it('does a change once with an idempotency key', async () => {
    const words = ['balance', 'grant', 'globex', '25.5', '--usd', '--idempotency-key', 'invoice-4711'];
    const first = await service.json<BalanceAnswerDocument>(...words);
    expect(first).toMatchObject({ unit: 'nano_usd', amount: '25500000000' });
    expect(await service.json<BalanceAnswerDocument>(...words)).toEqual(first);
    expect((await balance('show', 'globex', '--usd')).stdout).toMatch(/free +\$25\.50/);
    const other = await balance('grant', 'globex', '26', '--usd', '--idempotency-key', 'invoice-4711');
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('invoice-4711')]);
  });

  it('tells what a balance does not have', async () => {
    await balance('grant', 'small', '10');
    const { code, stderr } = await balance('deduct', 'small', '11');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/too little.*11.*10/)]);
    expect(stderr).not.toContain('--idempotency-key');
  });

  it.for([
    ['1.5', [], 'expected a whole number of tokens'],
    ['-5', [], 'expected a whole number of tokens'],
    ['1e3', ['--usd'], 'expected US dollars'],
    ['0.0000000001', ['--usd'], 'expected US dollars'],
  ] as const)('refuses an amount of %s', async ([amount, more, message]) => {
    const { code, stderr } = await balance('grant', 'acme', amount, ...more);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
