import { expect, test } from 'vitest';
import { bundledSnapshot } from '../src/bundled-snapshot.ts';
import { createModelFinder } from '../src/find-model.ts';
import type { PriceRequest } from '../src/price-request.ts';
import { ResolutionCache, type ResolutionCacheOptions } from '../src/resolution-cache.ts';
import { resolve, type Resolution, type ResolutionNames } from '../src/resolution.ts';

const book = { findModel: createModelFinder(bundledSnapshot()), overrides: [] };

function request(names: ResolutionNames): PriceRequest {
  return { ...names, timeMs: 0, usage: {} };
}

function createCounted(options: Partial<ResolutionCacheOptions> = {}): {
  readonly cache: ResolutionCache;
  readonly get: (names: ResolutionNames) => Resolution;
  readonly made: ResolutionNames[];
} {
  const cache = new ResolutionCache({ entriesMax: 100, tenants: new Set(), regions: new Set(), ...options });
  const made: ResolutionNames[] = [];
  const get = (names: ResolutionNames): Resolution =>
    cache.get(request(names), (wanted) => {
      made.push(wanted);
      return resolve(wanted, book);
    });
  return { cache, get, made };
}

test('resolves each kind of call once', () => {
  const { get, made } = createCounted();
  const first = get({ provider: 'openai', model: 'gpt-4o' });
  expect(get({ provider: 'openai', model: ['gpt', '4o'].join('-') })).toBe(first);
  expect(get({ provider: 'openai', model: 'gpt-4o', tenant: 'a' })).toBe(first);
  expect(made).toHaveLength(1);
});

test('tells kinds of calls apart by every name that matters', () => {
  const { get, made } = createCounted({ tenants: new Set(['a', 'b']), regions: new Set(['eu']) });
  const kinds: readonly ResolutionNames[] = [
    { model: 'gpt-4o' },
    { responseModel: 'gpt-4o' },
    { requestModel: 'gpt-4o' },
    { responseModel: 'gpt-4o', requestModel: 'gpt-4' },
    { model: 'gpt-4o', provider: 'azure' },
    { model: 'gpt-4o', serviceTier: 'batch' },
    { model: 'gpt-4o', tenant: 'a' },
    { model: 'gpt-4o', tenant: 'b' },
    { model: 'a\u0000gpt-4o' },
    { model: 'gpt-4o', region: 'eu' },
    {},
  ];
  const resolutions = new Set([...kinds, ...kinds].map(get));
  expect(resolutions.size).toBe(kinds.length);
  expect(made).toHaveLength(kinds.length);
});

test('does not tell calls apart by tenants and regions that no override names', () => {
  const { get, made } = createCounted({ tenants: new Set(['a']), regions: new Set(['eu']) });
  for (let n = 0; n < 100; n += 1) {
    get({ model: 'gpt-4o', tenant: `tenant-${n}`, region: `region-${n}` });
  }
  expect(made).toHaveLength(1);
});

test('keeps the prices of many tenants of one model', () => {
  const tenants = Array.from({ length: 90 }, (_, n) => `tenant-${n}`);
  const { get, made } = createCounted({ tenants: new Set(tenants) });
  for (const tenant of [...tenants, ...tenants]) {
    get({ model: 'gpt-4o', tenant });
  }
  expect(made).toHaveLength(tenants.length);
});

test('looks through no long list for one model', () => {
  const { cache, get, made } = createCounted({ entriesMax: 10_000 });
  for (let n = 0; n <= 64; n += 1) {
    get({ model: 'gpt-4o', provider: `hostile-${n}` });
  }
  // The 65th began a new list.
  expect(cache.size).toBe(1);
  get({ model: 'gpt-4o', provider: 'hostile-64' });
  expect(made).toHaveLength(65);
});

test('holds no more than twice its limit, whatever names come', () => {
  const { cache, get } = createCounted();
  for (let n = 0; n < 1000; n += 1) {
    get({ model: `hostile-${n}` });
    get({ model: 'gpt-4o', provider: `hostile-${n}` });
    expect(cache.size).toBeLessThanOrEqual(200);
  }
});

test('keeps what is used while hostile names pass by', () => {
  const { get, made } = createCounted();
  for (let n = 0; n < 1000; n += 1) {
    get({ model: `hostile-${n}` });
    get({ model: 'gpt-4o', provider: 'openai' });
  }
  expect(made.filter(({ model }) => model === 'gpt-4o')).toHaveLength(1);
});

test('keeps no name that is too long, and resolves no more of it than shows that', () => {
  const { cache, get, made } = createCounted();
  get({ model: 'x'.repeat(1_000_000), provider: 'y'.repeat(1_000_000) });
  expect(cache.size).toBe(0);
  expect(made[0]?.model).toHaveLength(257);
});

test('is not misled by names of object properties or broken text', () => {
  const { get, made } = createCounted();
  for (const model of ['__proto__', 'constructor', 'hasOwnProperty', '\uD800', '']) {
    get({ model });
    get({ model });
  }
  expect(made).toHaveLength(5);
});
