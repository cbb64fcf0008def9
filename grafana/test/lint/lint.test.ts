// Rules that every dashboard keeps, and for each of them a dashboard that breaks it.

import { describe, expect, it } from 'vitest';
import { type DashboardJson, type PanelJson, panelsOf, readDashboards, type TargetJson } from '../dashboard-files.ts';
import { metricsOfTenants } from './known-metrics.ts';
import type { Problem } from './problem.ts';
import { promqlProblems } from './promql.ts';
import { sqlProblems } from './sql.ts';
import { structureProblems } from './structure.ts';
import { variableProblems } from './variables.ts';

const dashboards = readDashboards();
const all = dashboards.map(([, dashboard]) => dashboard);
const ofTenants = metricsOfTenants();

function lint(dashboard: DashboardJson): readonly Problem[] {
  return [
    ...structureProblems(dashboard),
    ...variableProblems(dashboard, all),
    ...sqlProblems(dashboard),
    ...promqlProblems(dashboard, ofTenants),
  ];
}

describe('every dashboard', () => {
  it.each(dashboards)('keeps the rules: %s', (_, dashboard) => {
    expect(lint(dashboard)).toEqual([]);
  });
});

describe('a dashboard that breaks a rule is found', () => {
  const [, sound] = dashboards.find(([file]) => file === 'overview.json') ?? [];
  if (sound === undefined) throw new Error('There is no overview');
  const panels = panelsOf(sound);

  /** The overview with another panel in place of the first one of a kind. */
  function withPanel(isIt: (panel: PanelJson) => boolean, change: (panel: PanelJson) => PanelJson): DashboardJson {
    const at = sound?.panels.findIndex(isIt) ?? -1;
    const panel = sound?.panels[at];
    if (sound === undefined || panel === undefined) throw new Error('There is no such panel');
    return { ...sound, panels: sound.panels.with(at, change(panel)) };
  }

  const asks = (part: 'rawSql' | 'expr') => (panel: PanelJson) => panel.targets?.[0]?.[part] !== undefined;
  const target = (change: (one: TargetJson) => TargetJson) => (panel: PanelJson) => ({
    ...panel,
    targets: (panel.targets ?? []).map((one, at) => (at === 0 ? change(one) : one)),
  });
  const sql = (change: (text: string) => string): DashboardJson =>
    withPanel(
      asks('rawSql'),
      target((one) => ({ ...one, rawSql: change(one.rawSql ?? '') })),
    );
  const promql = (expr: string, rest: Partial<TargetJson> = {}): DashboardJson =>
    withPanel(
      asks('expr'),
      target((one) => ({ ...one, ...rest, expr })),
    );
  const link = (url: string): DashboardJson =>
    withPanel(asks('expr'), (panel) => ({
      ...panel,
      fieldConfig: { defaults: { unit: 'none', links: [{ title: 'x', url }] }, overrides: [] },
    }));
  const variable = (name: string, change: object): DashboardJson => ({
    ...sound,
    templating: { list: sound.templating.list.map((one) => (one.name === name ? { ...one, ...change } : one)) },
  });
  const first = panels[0];

  const mutants: readonly (readonly [rule: string, broken: DashboardJson])[] = [
    ['uid', { ...sound, uid: 'Overview!' }],
    ['uneditable', { ...sound, editable: true }],
    ['tag', { ...sound, tags: [] }],
    ['panel-id', withPanel(asks('expr'), (panel) => ({ ...panel, id: 1 }))],
    ['title', withPanel(asks('expr'), (panel) => ({ ...panel, title: '' }))],
    ['description', withPanel(asks('expr'), (panel) => ({ ...panel, description: '' }))],
    ['no-targets', withPanel(asks('expr'), (panel) => ({ ...panel, targets: [] }))],
    [
      'unit',
      withPanel(
        ({ type }) => type === 'stat',
        (panel) => ({ ...panel, fieldConfig: { defaults: {}, overrides: [] } }),
      ),
    ],
    [
      'ref-id',
      withPanel(
        ({ targets = [] }) => targets.length > 1,
        target((one) => ({ ...one, refId: 'B' })),
      ),
    ],
    [
      'data-source',
      withPanel(
        asks('expr'),
        target((one) => ({ ...one, datasource: { uid: 'prometheus-1' } })),
      ),
    ],
    ['grid', withPanel(asks('expr'), (panel) => ({ ...panel, gridPos: { x: 20, y: 0, w: 8, h: 4 } }))],
    [
      'overlap',
      withPanel(asks('expr'), (panel) => ({ ...panel, gridPos: first?.gridPos ?? { x: 0, y: 0, w: 1, h: 1 } })),
    ],
    ['refresh', variable('tenant', { refresh: 1 })],
    ['all-value', variable('tenant', { allValue: '.+' })],
    ['multi', variable('tenant', { multi: false })],
    ['unknown-variable', promql('up{job="$cluster"}')],
    ['sql-format', sql((text) => text.replaceAll('${tenant:customqueryparam:v}', '${tenant:singlequote}'))],
    ['sql-format', sql((text) => `${text} AND entries.user_id = '$workflow'`)],
    ['promql-equal', promql('sum(rate(turnmeter_cost_usd_total{tenant="$tenant"}[$__rate_interval]))')],
    ['link-dashboard', link('/d/turnmeter-nowhere?${__url_time_range}')],
    ['link-variable', link('/d/turnmeter-session?${__url_time_range}&var-chat=${__value.raw:percentencode}')],
    ['link-encoding', link('/d/turnmeter-session?${__url_time_range}&var-session=${__value.raw}')],
    ['audience', { ...sound, tags: ['turnmeter', 'tenant'] }],
    ['link-audience', { ...sound, tags: ['turnmeter', 'tenant'] }],
    ['tenant-scope', sql((text) => text.replace(/WHERE \(.*\n\s+AND/, 'WHERE'))],
    ['time-filter', sql((text) => text.replaceAll(/AND toDate\(entries\.ended_at\).*/g, ''))],
    ['select-star', sql((text) => text.replace('SELECT', 'SELECT *,'))],
    ['browser-macro', sql((text) => `${text} AND $__conditionalAll(1, $tenant)`)],
    ['comment', sql((text) => `${text} -- all of it`)],
    [
      'final',
      withPanel(
        ({ type }) => type === 'table',
        target((one) => ({ ...one, rawSql: (one.rawSql ?? '').replace('AS summary FINAL', 'AS summary') })),
      ),
    ],
    ['limit', sql((text) => `${text}\nGROUP BY entries.agent`)],
    ['promql-syntax', promql('sum(up{job="turnmeter"}')],
    ['promql-tenant', promql('sum(rate(turnmeter_cost_usd_total{job="turnmeter"}[$__rate_interval]))')],
    [
      'promql-cardinality',
      promql('sum by (session_id) (rate(turnmeter_cost_usd_total{tenant=~"$tenant"}[$__rate_interval]))'),
    ],
    ['counter', promql('sum(turnmeter_cost_usd_total{tenant=~"$tenant"})')],
    ['rate-interval', promql('sum(rate(turnmeter_cost_usd_total{tenant=~"$tenant"}[3m]))', { instant: false })],
    [
      'money-window',
      withPanel(asks('expr'), (panel) => ({
        ...target((one) => ({
          ...one,
          expr: 'sum(increase(turnmeter_cost_usd_total{tenant=~"$tenant"}[$__rate_interval]))',
        }))(panel),
        fieldConfig: { defaults: { unit: 'currencyUSD' }, overrides: [] },
      })),
    ],
  ];

  it.each(mutants)('%s', (rule, broken) => {
    expect(lint(broken).map((one) => one.rule)).toContain(rule);
  });
});
