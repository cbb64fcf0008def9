import { waitForUpdate } from '@pydantic/genai-prices';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { BUNDLED_PRICES, bundledSnapshot } from '../src/bundled-snapshot.ts';
import { readBookRates } from '../src/rate-sheet.ts';

// These fail when the price list changes. Look at what changed (`git diff` of the lock file, the package's repository), then
// record the new label and hash in bundled-snapshot.ts in a commit of its own.

test('is the price list whose hash is recorded', () => {
  const snapshot = bundledSnapshot();
  expect(snapshot.sha256).toBe(BUNDLED_PRICES.sha256);
  expect(snapshot.label).toBe(BUNDLED_PRICES.label);
});

test('is of the installed version of genai-prices, pinned exactly', () => {
  const manifest = createRequire(import.meta.url)('../package.json') as { dependencies: Record<string, string> };
  const pinned = manifest.dependencies['@pydantic/genai-prices'];
  expect(`genai-prices@${pinned}`).toBe(BUNDLED_PRICES.label);
});

test('holds every provider of the package', async () => {
  const providers = await waitForUpdate();
  expect(providers?.map(({ id }) => id)).toEqual(BUNDLED_PRICES.providerIds);
});

test('has no price in a unit that this version does not know', () => {
  const unknown = bundledSnapshot().providers.flatMap(({ id, models }) =>
    models
      .filter(({ periods }) => periods.some(({ prices }) => readBookRates(prices).hasUnknownUnits))
      .map((model) => `${id}/${model.id}`),
  );
  expect(unknown).toEqual([]);
});
