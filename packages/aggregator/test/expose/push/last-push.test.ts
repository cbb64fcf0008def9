// A whole service that pushes its metrics and ends before it ever did: what it counted arrives nevertheless.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { startService } from '../../../src/service.ts';
import { Receiver } from './receiver.ts';

const RECORDINGS = new URL('../../../demo/', import.meta.url);

it('sends what was counted last when the service stops', async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-push-'));
  const receiver = new Receiver();
  const flags = {
    data_dir: directory,
    'http.port': 0,
    'otlp.http_port': 0,
    'otlp.grpc_port': 0,
    'metrics.push.endpoint': await receiver.listen(),
    'metrics.push.interval_seconds': 3600,
  };
  const service = await startService(parseConfig({ env: {}, flags }), { logger: pino({ level: 'silent' }) });
  const file = (await readdir(RECORDINGS)).find((name) => name.endsWith('.json.gz')) ?? '';
  const answer = await fetch(`${service.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-scope-orgid': 'acme' },
    body: gunzipSync(await readFile(new URL(file, RECORDINGS))),
  });
  expect(answer.ok).toBe(true);
  await service.stop();

  // Once as 0, and then as it is: Prometheus sees it rise.
  const tokens = receiver.requests
    .flatMap(({ metrics }) => metrics.filter(({ name }) => name === 'turnmeter.tokens'))
    .map(({ sum }) =>
      sum?.dataPoints.find(({ attributes }) => attributes?.some(({ value }) => value.stringValue === 'acme')),
    );
  expect(tokens.map((point) => point?.asDouble)).toEqual([0, expect.any(Number)]);
  expect(tokens[1]?.asDouble).toBeGreaterThan(100);
  await receiver.stop();
  await rm(directory, { recursive: true, force: true });
});
