// Costs that are not tokens (R42).
import { expect, test } from 'vitest';
import type { Cost } from '../src/cost.ts';
import { createPriceBook } from '../src/price-book.ts';
import type { Charge, PriceRequest } from '../src/price-request.ts';

const book = createPriceBook({
  overrides: [
    {
      name: 'tools',
      charges: [
        { kind: 'tool_call', name: 'search_*', usd: '0.005' },
        { kind: 'tool_call', name: 'search_cheap', usd: '0.001' },
      ],
    },
    { name: 'gpu', charges: [{ kind: 'gpu_second', usd: '0.000305' }] },
    { name: 'gateway-fee', provider: 'openrouter', charges: [{ kind: 'request', usd: '0.0001' }] },
    { name: 'own-search', provider: 'mistral', charges: [{ kind: 'web_search', usd: '0.02' }] },
  ],
});

function price(request: Partial<PriceRequest>): Cost {
  return book.price({ timeMs: Date.UTC(2026, 10, 22), usage: {}, ...request });
}

function toolCall(charge: Partial<Charge>): Cost {
  return price({ operation: 'execute_tool', charges: [{ kind: 'tool_call', quantity: 1, ...charge }] });
}

const claude = { provider: 'anthropic', responseModel: 'claude-sonnet-4-5', usage: { input: 1000, output: 0 } };

test('prices a tool call by the most specific name', () => {
  expect(toolCall({ name: 'search_flights', quantity: 3 })).toMatchObject({
    status: 'exact',
    source: 'override',
    tokenNanoUsd: 0,
    otherNanoUsd: 15_000_000,
    totalNanoUsd: 15_000_000,
    priceId: 'override:tools',
    charges: [{ kind: 'tool_call', name: 'search_flights', quantity: 3, nanoUsd: 15_000_000, source: 'override' }],
  });
  expect(toolCall({ name: 'Search_Cheap' }).totalNanoUsd).toBe(1_000_000);
});

test('takes a tool call without a price for free, and says so', () => {
  expect(toolCall({ name: 'word_count' })).toMatchObject({
    status: 'exact',
    source: 'none',
    totalNanoUsd: 0,
    unpricedTokens: 0,
    reasons: ['nothing_to_price'],
  });
});

test('takes the cost that the span itself states, unless the operator has a price', () => {
  expect(toolCall({ name: 'word_count', quantity: 2, unitCostNanoUsd: 700 })).toMatchObject({
    status: 'exact',
    source: 'provider',
    totalNanoUsd: 1400,
  });
  expect(toolCall({ name: 'search_x', unitCostNanoUsd: 700 })).toMatchObject({
    source: 'override',
    totalNanoUsd: 5_000_000,
  });
});

test('adds web searches of the price list, shown apart from tokens', () => {
  // 10 USD per 1000 searches
  expect(price({ ...claude, charges: [{ kind: 'web_search', quantity: 2 }] })).toMatchObject({
    status: 'exact',
    tokenNanoUsd: 3_000_000,
    otherNanoUsd: 20_000_000,
    totalNanoUsd: 23_000_000,
  });
  expect(
    price({
      provider: 'openai',
      model: 'gpt-4o',
      usage: { input: 1, output: 0 },
      charges: [{ kind: 'file_search', quantity: 4 }],
    }).otherNanoUsd,
  ).toBe(10_000_000);
});

test('is partial where a charge has no price', () => {
  expect(price({ ...claude, charges: [{ kind: 'gpu_hour', quantity: 2 }] })).toMatchObject({
    status: 'partial',
    totalNanoUsd: 3_000_000,
    reasons: ['no_charge_price'],
    charges: [{ kind: 'gpu_hour', nanoUsd: 0, source: 'none' }],
  });
  expect(price({ charges: [{ kind: 'gpu_hour', quantity: 2 }] })).toMatchObject({
    status: 'unpriced',
    totalNanoUsd: 0,
  });
  // Searched with a model nobody knows: the search is priced, the tokens are not.
  const half = price({
    provider: 'mistral',
    model: 'no-such-model',
    usage: { input: 5, output: 5 },
    charges: [{ kind: 'web_search', quantity: 1 }],
  });
  expect(half).toMatchObject({ status: 'partial', source: 'override', totalNanoUsd: 20_000_000, unpricedTokens: 10 });
});

test('prices seconds in fractions', () => {
  // 12.345678 s * 305,000 nano-USD = 3,765,431.79
  expect(price({ charges: [{ kind: 'gpu_second', quantity: 12.345678 }] }).totalNanoUsd).toBe(3_765_432);
  expect(
    price({ provider: 'openai', model: 'whisper-1', charges: [{ kind: 'audio_second', quantity: 60 }] }),
  ).toMatchObject({
    status: 'exact',
    source: 'price_book',
    // 0.36 USD an hour
    totalNanoUsd: 6_000_000,
  });
});

test('adds the operator’s fee to each inference, and to nothing else', () => {
  const router = { provider: 'openrouter', model: 'openai/gpt-4o', usage: { input: 1000, output: 0 } };
  expect(price(router)).toMatchObject({
    status: 'exact',
    otherNanoUsd: 100_000,
    charges: [{ kind: 'request', quantity: 1 }],
  });
  expect(price({ ...router, charges: [{ kind: 'request', quantity: 3 }] }).otherNanoUsd).toBe(300_000);
  expect(price({ provider: 'openrouter', charges: [{ kind: 'tool_call', quantity: 1 }] }).otherNanoUsd).toBe(0);
});

test('adds the fee per request of the price list as an estimate, since it varies', () => {
  // sonar: 12 USD per 1000 requests
  const cost = price({ provider: 'perplexity', model: 'sonar', usage: { input: 0, output: 0 } });
  expect(cost).toMatchObject({ status: 'estimated', otherNanoUsd: 12_000_000, reasons: ['request_fee_assumed'] });
});

test('does not add provider fees to what the provider reported, but adds the operator’s own', () => {
  const reported = { source: 'provider', nanoUsd: 5_000_000 } as const;
  const searches = [{ kind: 'web_search', quantity: 2 }];
  expect(price({ ...claude, charges: searches, reported })).toMatchObject({
    totalNanoUsd: 5_000_000,
    otherNanoUsd: 0,
    status: 'exact',
  });
  const tool = [...searches, { kind: 'tool_call', name: 'search_x', quantity: 1 }];
  expect(price({ ...claude, charges: tool, reported })).toMatchObject({
    totalNanoUsd: 10_000_000,
    otherNanoUsd: 5_000_000,
  });
});

test.each([-1, Number.NaN, Infinity, 1e300])(
  'keeps the tokens’ cost where a quantity is impossible: %s',
  (quantity) => {
    expect(price({ ...claude, charges: [{ kind: 'web_search', quantity }] })).toMatchObject({
      status: 'partial',
      totalNanoUsd: 3_000_000,
      reasons: ['charge_invalid'],
    });
  },
);

test('refuses unit costs that are no whole amounts', () => {
  for (const unitCostNanoUsd of [-1, 0.5, Number.NaN, 2 ** 60]) {
    expect(toolCall({ name: 'x', unitCostNanoUsd })).toMatchObject({ status: 'unpriced', reasons: ['charge_invalid'] });
  }
});
