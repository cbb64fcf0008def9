// Metrics that are pushed to the real Collector, and what it makes of them for Prometheus: the names and values of /metrics.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { collectorBinary } from '@turnmeter/collector-config/collector-binary';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { TurnmeterProcess } from '../../captured/turnmeter-process.ts';
import { freePort } from '@turnmeter/programs/free-ports';
import { timedChat } from './timed-chats.ts';

let directory: string;
let collector: ChildProcess;
let turnmeter: TurnmeterProcess;
let prometheusPort: number;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-pushed-'));
  const otlpPort = await freePort();
  prometheusPort = await freePort();
  const config = path.join(directory, 'collector.yaml');
  await writeFile(
    config,
    stringify({
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlpPort}` } } } },
      exporters: { prometheus: { endpoint: `127.0.0.1:${prometheusPort}` } },
      service: {
        pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus'] } },
        telemetry: { metrics: { level: 'none' } },
      },
    }),
  );
  collector = spawn(await collectorBinary(), ['--config', config], { stdio: 'ignore' });
  turnmeter = await TurnmeterProcess.start(path.join(directory, 'data'), {
    TURNMETER_METRICS_REFRESH_SECONDS: '1',
    TURNMETER_METRICS_PUSH_ENDPOINT: `http://127.0.0.1:${otlpPort}/v1/metrics`,
    TURNMETER_METRICS_PUSH_INTERVAL_SECONDS: '1',
  });
}, 1_500_000);
afterAll(async () => {
  await turnmeter?.kill();
  collector?.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

it('arrive under the names that /metrics has', { timeout: 120_000 }, async () => {
  await turnmeter.send('acme', 'span', timedChat({ session: 's1', workflow: 'research', seconds: [1, 2, 3] }));
  // Three calls of 1,000 × 2.50 USD and 100 × 10 USD by the million.
  await vi.waitFor(
    async () => {
      const series = await seriesOf(`http://127.0.0.1:${prometheusPort}/metrics`);
      expect(series.get('turnmeter_cost_usd_total acme research')).toBe('0.0105');
      expect(series.get('turnmeter_period_cost_usd acme research')).toBe('0.0105');
    },
    { timeout: 90_000, interval: 500 },
  );
  const scraped = await seriesOf(`http://127.0.0.1:${turnmeter.httpPort}/metrics`);
  const relayed = await seriesOf(`http://127.0.0.1:${prometheusPort}/metrics`);
  const namesIn = (series: ReadonlyMap<string, string>): ReadonlySet<string> =>
    new Set([...series.keys()].map((key) => key.split(' ', 1)[0] ?? ''));
  // What this Collector makes of exponential histograms is its affair.
  const expected = [...namesIn(scraped)].filter((name) => !/_(?:bucket|sum|count)$/.test(name));
  expect(expected.filter((name) => !namesIn(relayed).has(name))).toEqual([]);
});

/** Values by name, tenant and workflow, of the last of those that have more labels. */
async function seriesOf(url: string): Promise<ReadonlyMap<string, string>> {
  const page = await (await fetch(url)).text();
  return new Map(
    page
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const name = /^\w+/.exec(line)?.[0] ?? '';
        const [tenant, workflow] = ['tenant', 'workflow'].map((label) =>
          new RegExp(`\\b${label}="([^"]*)"`).exec(line),
        );
        return [[name, tenant?.[1] ?? '', workflow?.[1] ?? ''].join(' '), line.slice(line.lastIndexOf(' ') + 1)];
      }),
  );
}
