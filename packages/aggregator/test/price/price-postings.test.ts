import { Book, BUILT_IN_PROFILES, observe, type PlainSpan, ProfileList, spanFrom } from '@turnmeter/accounting';
import { createPriceBook } from '@turnmeter/pricing';
import { describe, expect, it } from 'vitest';
import { Pricer } from '../../src/price/price-postings.ts';

const profiles = new ProfileList(BUILT_IN_PROFILES);
const T0 = Date.UTC(2026, 10, 1);

function add(book: Book, span: Partial<PlainSpan> & { spanId: string }): void {
  const record = spanFrom({ traceId: 't', startMs: T0, endMs: T0 + 5, ...span }, profiles);
  book.add(observe(record, { profiles, tenant: 'shop', receivedUs: T0 * 1000 }), 0);
}

const CALL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.output_tokens': 100,
};

describe('Pricer', () => {
  it('prices a call from the book at the time it was made', () => {
    const book = new Book();
    add(book, { spanId: 'a', attributes: CALL });
    const [posting] = new Pricer(createPriceBook()).price(book.settle(0));
    // gpt-4o: 2.50 USD per million input tokens, 10 per million output: 0.0025 + 0.001 USD.
    expect(posting?.cost).toMatchObject({ status: 'exact', source: 'price_book', totalNanoUsd: 3_500_000 });
  });

  it('takes back what was booked at the price it was booked at', () => {
    const book = new Book();
    const pricer = new Pricer(createPriceBook());
    add(book, { spanId: 'a', parentId: 'root', attributes: CALL });
    const [first] = pricer.price(book.settle(0));
    add(book, { spanId: 'root', attributes: { 'session.id': 's1' } });
    const [reversal, again] = pricer.price(book.settle(1_000_000));
    expect(reversal).toMatchObject({ sign: -1, entry: { session: '' } });
    expect(reversal?.cost).toBe(first?.cost);
    expect(again).toMatchObject({ sign: 1, entry: { session: 's1' }, cost: { totalNanoUsd: 3_500_000 } });
  });

  it('asks for the price of a tool call and books none where the operator has none', () => {
    const book = new Book();
    const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'web_search' };
    add(book, { spanId: 'a', attributes: tool });
    const postings = book.settle(0);
    expect(new Pricer(createPriceBook()).price(postings)[0]?.cost).toBeUndefined();
    const overrides = [{ name: 'search', charges: [{ kind: 'tool_call', name: 'web_*', usd: '0.01' }] }];
    const [posting] = new Pricer(createPriceBook({ overrides })).price(postings);
    // One cent a call is 10 000 000 nano-USD.
    expect(posting?.cost).toMatchObject({ status: 'exact', tokenNanoUsd: 0, otherNanoUsd: 10_000_000 });
  });

  it('says that a call without usage has no price, and that a failed one costs nothing', () => {
    const book = new Book();
    add(book, { spanId: 'a', attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' } });
    add(book, {
      spanId: 'b',
      status: 2,
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'error.type': '429' },
    });
    const costs = new Pricer(createPriceBook()).price(book.settle(0)).map(({ cost }) => cost?.status);
    expect(costs).toEqual(['unpriced', undefined]);
  });
});
