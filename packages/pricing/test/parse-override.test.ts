import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseOverrides } from '../src/parse-override.ts';
import { PricingError } from '../src/pricing-error.ts';

function refusal(override: unknown): unknown {
  try {
    return parseOverrides([override]);
  } catch (error) {
    return error;
  }
}

test('reads rates without binary drift', () => {
  const [override] = parseOverrides([{ name: 'a', rates: { input: '0.1', cacheRead: 0.07, output: '2.123456789' } }]);
  expect(override?.rateTiers).toEqual([
    { aboveInputTokens: -1, rates: { input: 100_000_000, cacheRead: 70_000_000, output: 2_123_456_789 } },
  ]);
});

test('reads days as UTC and times with their offset', () => {
  const [override] = parseOverrides([
    { name: 'a', discountPercent: 5, from: '2026-01-01', to: '2026-07-01T02:00:00+02:00' },
  ]);
  expect(override).toMatchObject({ fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 6, 1) });
});

test('takes any name of a provider for the same one', () => {
  const names = ['azure', 'azure.ai.openai', 'Azure_OpenAI'];
  const overrides = parseOverrides(
    names.map((provider, place) => ({ name: `${place}`, provider, discountPercent: place })),
  );
  expect(overrides.map(({ provider }) => provider)).toEqual(['azure', 'azure', 'azure']);
});

test.each([
  [
    { discountPercent: 5 },
    'price override 1: name is refused; expected a text of 1 to 256 characters, received undefined',
  ],
  [{ name: 'a' }, 'expected at least one of rates, discountPercent, serviceTiers, charges, received "none"'],
  [{ name: 'a', currency: 'EUR', discountPercent: 5 }, 'price override "a": currency is refused; expected "USD"'],
  [{ name: 'a', modle: 'gpt-4o', discountPercent: 5 }, 'expected only name, tenant'],
  [{ name: 'a', rates: { inputs: 1 } }, 'received "inputs"'],
  [{ name: 'a', rates: {} }, 'expected at least one of input'],
  [{ name: 'a', rates: { input: -1 } }, 'expected a decimal of USD per million tokens'],
  [{ name: 'a', rates: { input: '1,50' } }, 'received "1,50"'],
  [{ name: 'a', rates: { input: '0.0000000001' } }, 'at most 9 decimals'],
  [{ name: 'a', rates: { input: 1_000_001 } }, 'from 0 to 1000000'],
  [{ name: 'a', rates: { input: 1 }, discountPercent: 5 }, 'expected rates or a discount'],
  [{ name: 'a', discountPercent: 101 }, 'expected a percentage of at most 100'],
  [{ name: 'a', discountPercent: 'ten' }, 'expected a decimal number'],
  [{ name: 'a', discountPercent: 5, from: '01.01.2026' }, 'expected a day like 2026-01-01'],
  [{ name: 'a', discountPercent: 5, from: '2026-02-30' }, 'expected a day like 2026-01-01'],
  [{ name: 'a', discountPercent: 5, from: '2026-01-01T09:00:00' }, 'expected a day like 2026-01-01'],
  [{ name: 'a', discountPercent: 5, from: '2026-02-01', to: '2026-02-01' }, 'expected a time after "from"'],
  [{ name: 'a', serviceTiers: { batch: -1 } }, 'expected a factor from 0'],
  [{ name: 'a', serviceTiers: { default: 1, standard: 1 } }, 'expected each service tier once'],
  [{ name: 'a', charges: [{ kind: 'tool_call' }] }, 'expected a decimal of USD per unit'],
  [{ name: 'a', charges: [{ usd: 1 }] }, 'kind is refused'],
  [
    {
      name: 'a',
      rates: { input: 1 },
      contextTiers: [
        { aboveInputTokens: 5, rates: { input: 2 } },
        { aboveInputTokens: 5, rates: { input: 3 } },
      ],
    },
    'expected a whole number above 5',
  ],
  [{ name: 'a', model: 'x'.repeat(257), discountPercent: 5 }, 'model is refused'],
  ['a', 'expected an object, received "a"'],
  [null, 'expected an object, received null'],
])('refuses %o', (override, message) => {
  const error = refusal(override);
  expect(error).toBeInstanceOf(PricingError);
  expect(error).toMatchObject({
    code: 'override_invalid',
    retryable: false,
    message: expect.stringContaining(message),
  });
});

test('refuses two overrides of one name, and more than a person writes', () => {
  const override = { name: 'a', discountPercent: 5 };
  expect(() => parseOverrides([override, override])).toThrow(/a name that no other override has/);
  expect(() => parseOverrides({})).toThrow(/an array of at most 1000/);
  expect(() => parseOverrides(Array.from({ length: 1001 }, (_, place) => ({ ...override, name: `${place}` })))).toThrow(
    /at most 1000/,
  );
});

test('gives overrides or a clear error for anything', () => {
  const key = fc.constantFrom('name', 'rates', 'input', 'discountPercent', 'charges', '__proto__');
  fc.assert(
    fc.property(fc.object({ key }), (override) => {
      const outcome = refusal(override);
      expect(Array.isArray(outcome) || outcome instanceof PricingError).toBe(true);
    }),
  );
});
