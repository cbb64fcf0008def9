import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createPriceBook } from '../src/price-book.ts';
import { updatePrices } from '../src/update-prices.ts';

const data = JSON.stringify([
  { id: 'ours', models: [{ id: 'm', match: { equals: 'm' }, prices: { input_mtok: 1, output_mtok: 2 } }] },
]);
let stop: (() => Promise<unknown>) | undefined;

afterEach(async () => {
  await stop?.();
  stop = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = () => {
    server.closeAllConnections();
    return once(server.close(), 'close');
  };
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/data.json`;
}

test('fetches a price list for a new price book', async () => {
  const url = await serve((_request, response) => response.end(data));
  const snapshot = await updatePrices({ url });
  expect(snapshot.label).toMatch(/^genai-prices@127\.0\.0\.1:\d+$/);
  const cost = createPriceBook({ snapshot }).price({
    provider: 'ours',
    model: 'm',
    timeMs: 0,
    usage: { input: 1, output: 1 },
  });
  expect(cost.totalNanoUsd).toBe(3000);
  // The list of books made before or after without it is the bundled one.
  expect(createPriceBook().snapshot.label).toBe('genai-prices@0.1.8');
});

test('takes only the list whose hash was asked for', async () => {
  const url = await serve((_request, response) => response.end(data));
  const { sha256 } = await updatePrices({ url });
  await expect(updatePrices({ url, sha256: sha256.toUpperCase() })).resolves.toMatchObject({ sha256 });
  await expect(updatePrices({ url, sha256: '0'.repeat(64) })).rejects.toMatchObject({
    code: 'snapshot_changed',
    retryable: false,
  });
});

test.each([
  ['a status that is not 200', (_request, response) => response.writeHead(503).end(), 'snapshot_unavailable', true],
  [
    'a redirect',
    // What it leads to would be taken.
    ({ url }, response) =>
      url === '/moved' ? response.end(data) : response.writeHead(302, { location: '/moved' }).end(),
    'snapshot_unavailable',
    true,
  ],
  ['something that is not JSON', (_request, response) => response.end('<html>'), 'snapshot_invalid', false],
  ['JSON of another form', (_request, response) => response.end('{"providers":[]}'), 'snapshot_invalid', false],
  ['more than was allowed', (_request, response) => response.end('x'.repeat(2000)), 'snapshot_unavailable', true],
] as const satisfies readonly (readonly [string, RequestListener, string, boolean])[])(
  'refuses %s',
  async (_what, listener, code, retryable) => {
    const url = await serve(listener);
    await expect(updatePrices({ url, bytesMax: 1000 })).rejects.toMatchObject({
      name: 'PricingError',
      code,
      retryable,
    });
  },
);

test('gives up on a server that does not answer', async () => {
  const url = await serve(() => undefined);
  await expect(updatePrices({ url, timeoutMs: 50 })).rejects.toMatchObject({ code: 'snapshot_unavailable' });
});

test.each(['http://example.com/data.json', 'ftp://127.0.0.1/data.json', 'file:///etc/passwd', 'data'])(
  'talks only to https and loopback, not to %s',
  async (url) => {
    await expect(updatePrices({ url })).rejects.toMatchObject({ code: 'snapshot_invalid' });
  },
);
