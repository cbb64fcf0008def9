// Every PromQL query of every dashboard, asked of a real Prometheus: it parses and its types fit, whatever is chosen. What they show is in the
// pictures.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandPromql } from '../../../grafana/src/query/expand.ts';
import { chosenOf, promqlOf, readDashboards } from '../../../grafana/test/dashboard-files.ts';
import { debianBinary } from '@turnmeter/programs/debian-prometheus';
import { PrometheusProcess } from '@turnmeter/programs/prometheus-process';

const queries = readDashboards().flatMap(([file, dashboard]) => promqlOf(file, dashboard));
const HOUR_MS = 3_600_000;
/** Chosen in turn for every variable. */
const CHOICES = ['$__all', 'acme', String.raw`a"b\c'd.*(e|f)[g]{h}+?^$`, '日本語'];

let directory: string;
let prometheus: PrometheusProcess;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-promql-'));
  prometheus = await PrometheusProcess.start({
    binary: await debianBinary('prometheus'),
    directory,
    config: { scrape_configs: [] },
  });
});

afterAll(async () => {
  await prometheus?.kill();
  await rm(directory, { recursive: true, force: true });
});

describe('queries of dashboards', () => {
  it('are found', () => {
    expect(queries.length).toBeGreaterThan(50);
  });

  it.each(queries.map((asked) => [asked.what, asked] as const))('are answered: %s', async (_, { dashboard, text }) => {
    const names = dashboard.templating.list.map(({ name }) => name);
    const toMs = Date.now();
    for (const choice of CHOICES) {
      const chosen = Object.fromEntries(names.map((name) => [name, choice === '$__all' ? choice : [choice, 'other']]));
      const range = { fromMs: toMs - HOUR_MS, toMs, intervalMs: 30_000 };
      const answer = await prometheus.query(expandPromql(text, range, chosenOf(dashboard, chosen)));
      expect(answer).toBeInstanceOf(Array);
    }
  });
});
