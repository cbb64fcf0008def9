// Variables in PromQL. Prometheus has no users, so tenants have no Prometheus; for operators, what is in an address stays within the quotes of a label.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { expandPromql } from '../../src/query/expand.ts';
import type { Variables } from '../../src/query/interpolate.ts';
import { type Asked, chosenOf, panelsOf, promqlOf, readDashboards } from '../dashboard-files.ts';
import { HOSTILE_VALUES } from './hostile-values.ts';

const RANGE = { fromMs: 0, toMs: 3_600_000, intervalMs: 60_000 };

const dashboards = readDashboards();
const queries = dashboards.flatMap(([file, dashboard]) => promqlOf(file, dashboard));

describe('a dashboard for tenants', () => {
  const ofTenants = dashboards.filter(([, { tags }]) => tags.includes('tenant'));

  it('is there, and one for operators too; none is for both', () => {
    expect(ofTenants.map(([, { uid }]) => uid)).toEqual(
      expect.arrayContaining(['turnmeter-session', 'turnmeter-workflow']),
    );
    expect(dashboards.filter(([, { tags }]) => tags.includes('tenant') === tags.includes('operator'))).toEqual([]);
  });

  it.each(ofTenants)('asks ClickHouse and nobody else: %s', (file, dashboard) => {
    expect(promqlOf(file, dashboard)).toEqual([]);
    const sources = [
      ...panelsOf(dashboard).flatMap(({ datasource, targets = [] }) => [
        datasource,
        ...targets.map((one) => one.datasource),
      ]),
      ...dashboard.templating.list.map((variable) => variable.datasource),
    ].flatMap((source) => (source?.uid === undefined ? [] : [source.uid]));
    expect([...new Set(sources)]).toEqual(['${clickhouse}']);
    const kinds = dashboard.templating.list.filter(({ type }) => type === 'datasource').map(({ query }) => query);
    expect(kinds).toEqual(['grafana-clickhouse-datasource']);
  });

  it.each(ofTenants)('looks at one tenant, which ClickHouse tells: %s', (_, dashboard) => {
    const tenant = dashboard.templating.list.find(({ name }) => name === 'tenant');
    expect(tenant).toMatchObject({ type: 'query', datasource: { uid: '${clickhouse}' } });
    expect(tenant?.multi ?? false).toBe(false);
  });
});

describe('a query in PromQL', () => {
  it('is escaped by Grafana, which has to be told', () => {
    const compose = parse(readFileSync(path.join(import.meta.dirname, '../../../docker-compose.yml'), 'utf8'), {
      merge: true,
    }) as { readonly services: { readonly grafana: { readonly environment: Readonly<Record<string, string>> } } };
    // Without it, a quote in a value is written as it is.
    expect(compose.services.grafana.environment['GF_FEATURE_TOGGLES_ENABLE']).toContain(
      'prometheusSpecialCharsInLabelValues',
    );
  });

  it.each(queries.map((query) => [query.what, query] as const))(
    'has the same parts whatever is chosen: %s',
    (_, query) => {
      const honest = partsOf(expanded(query, chosenOf(query.dashboard, {})));
      expect(honest).not.toContain('⚠');
      const changed = hostileChoices(query).filter((variables) => partsOf(expanded(query, variables)) !== honest);
      expect(changed.map((variables) => JSON.stringify(variables).slice(0, 200))).toEqual([]);
    },
  );

  it('would be noticed if a variable had one value', () => {
    // A value that looks like a whole matcher is written as it is then (escaping.ts of @grafana/prometheus).
    const [query] = queries;
    if (query === undefined) throw new Error('There is no query');
    const text = 'turnmeter_cost_usd_total{tenant=~"$tenant"}';
    const careless = { what: 'careless', text, dashboard: query.dashboard };
    const honest = partsOf(expanded(careless, { tenant: { value: 'acme' } }));
    const hostile = HOSTILE_VALUES.map((value) => partsOf(expanded(careless, { tenant: { value } })));
    expect(hostile.filter((parts) => parts !== honest)).not.toEqual([]);
  });
});

function expanded({ text }: Asked, variables: Variables): string {
  return expandPromql(text, RANGE, variables);
}

function hostileChoices({ dashboard }: Asked): readonly Variables[] {
  const honest = chosenOf(dashboard, {});
  // A line break ends no string that Grafana sends: it escapes none, and Prometheus refuses the query.
  return HOSTILE_VALUES.filter((value) => !/[\r\n]/.test(value))
    .flatMap((value) => [value, [value, 'acme']])
    .map((value) =>
      Object.fromEntries(Object.entries(honest).map(([name, variable]) => [name, { ...variable, value }])),
    );
}

/** The names of all parts in their order. What cannot be parsed has a part `⚠`. */
function partsOf(expr: string): string {
  const parts: string[] = [];
  parser.parse(expr).iterate({ enter: ({ name }) => void parts.push(name) });
  return parts.join(' ');
}
