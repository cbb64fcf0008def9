// The rules of Prometheus: written from the table as it is, on metrics that there are, and with a runbook for each alert. Whether they fire is
// for promtool, in test/stack/prometheus.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Families } from '../packages/aggregator/src/expose/families.ts';
import { PrometheusTelemetry } from '../packages/aggregator/src/telemetry.ts';
import { alertingRules, recordingRules } from '../prometheus/src/burn-rules.ts';
import { ROOT, read } from './repository.ts';

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const RULES = path.join(ROOT, 'prometheus/rules');
const RUNBOOKS = path.join(ROOT, 'docs/runbooks');
const SECTIONS = ['Symptom', 'What it means', 'First look', 'What to do', 'When it is a false alarm'];
const rules = readdirSync(RULES).flatMap((file) => {
  const { groups } = parse(readFileSync(path.join(RULES, file), 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
});
const alerts = rules.filter(({ alert }) => alert !== undefined);

/** Every metric that the aggregator has, as its samples are called. */
async function metricNames(): Promise<ReadonlySet<string>> {
  const own = await new PrometheusTelemetry().registry.getMetricsAsJSON();
  const all = [...own.map(({ name, type }) => ({ name, type: String(type) })), ...Object.values(Families)];
  return new Set(
    all.flatMap(({ name, type }) =>
      // A native histogram has no ending.
      type === 'histogram' ? ['', '_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  );
}

/** Names in an expression that are not recorded by a rule. */
function metricsIn(expr: string): readonly string[] {
  const withoutRecorded = expr.replaceAll(/[a-z_]+:[a-z0-9_:]+/g, '').replaceAll(/"[^"]*"/g, '""');
  return withoutRecorded.match(/\bturnmeter_\w+/g) ?? [];
}

describe('the rules of Prometheus', () => {
  it('are written from the table of windows as it is', () => {
    const written = (file: string): string => readFileSync(path.join(RULES, file), 'utf8');
    expect(written('burn-rates.yaml'), 'run `npm run prometheus:rules`').toBe(recordingRules());
    expect(written('burn-alerts.yaml'), 'run `npm run prometheus:rules`').toBe(alertingRules());
  });

  it('name no metric that nobody emits', async () => {
    const known = await metricNames();
    const unknown = rules.flatMap(({ expr }) => metricsIn(expr)).filter((name) => !known.has(name));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it('name no recorded metric that no rule records', () => {
    const recorded = new Set(rules.map(({ record }) => record));
    const named = rules.flatMap(({ expr }) => expr.match(/[a-z_]+:turnmeter_\w+:\w+/g) ?? []);
    expect(named.filter((name) => !recorded.has(name))).toEqual([]);
  });

  it('say of each alert how bad it is, what is the matter, with its value, and where to read on', () => {
    expect(alerts.length).toBeGreaterThan(20);
    const faults = alerts.filter(({ alert = '', labels = {}, annotations = {} }) => {
      const { summary = '', description = '', runbook_url: runbook = '' } = annotations;
      const isComplete =
        ['critical', 'warning', 'info'].includes(labels['severity'] ?? '') &&
        `${summary}${description}`.includes('$value') &&
        description !== '' &&
        runbook.endsWith(`/docs/runbooks/${alert}.md`);
      return !isComplete;
    });
    expect(faults).toEqual([]);
  });

  it('have a runbook for each alert, and there is none without', () => {
    // Those that Grafana asks ClickHouse for have one too.
    const inGrafana = [...read('grafana/provisioning/alerting/clickhouse-rules.yaml').matchAll(/title: (\w+)/g)];
    const titles = [...alerts.map(({ alert }) => alert), ...inGrafana.map(([, title]) => title)];
    const names = [...new Set(titles.map((title) => `${title}.md`))].toSorted();
    expect(readdirSync(RUNBOOKS).toSorted()).toEqual(names);
    const unlike = names.filter((name) => {
      const text = readFileSync(path.join(RUNBOOKS, name), 'utf8');
      const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
      return headings.join() !== SECTIONS.join();
    });
    expect(unlike).toEqual([]);
  });
});
