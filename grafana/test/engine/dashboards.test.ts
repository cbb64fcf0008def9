// Every query of every dashboard, asked of the real engine over the real migrations as Grafana would ask it.

import { robustMean } from '@turnmeter/budget';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandPromql, expandSql } from '../../src/query/expand.ts';
import type { Variables } from '../../src/query/interpolate.ts';
import { withUsualCost } from '../../src/query/usual-cost.ts';
import { type Asked, chosenOf, panelsOf, promqlOf, readDashboards, sqlOf } from '../dashboard-files.ts';
import { printedMetrics, recordedMetrics } from '../lint/known-metrics.ts';
import { selectorsIn } from '../lint/promql.ts';
import type { Answer } from './engine.ts';
import { ALONE, EMPTY, FILLED, type FilledLedger, fillLedger, TENANT } from './filled-ledger.ts';
import { HOSTILE_NAMES } from './spans.ts';

const dashboards = readDashboards();
const queries = dashboards.flatMap(([file, dashboard]) => sqlOf(file, dashboard));
/** The only thing that looks at all tenants: which there are. Whoever may not know is kept from it by row policies. */
const scoped = queries.filter(({ what }) => !what.endsWith('variable tenant'));

/** Panels that have nothing to show of what these producers sent, which is what they are there to say. */
const EMPTY_HERE: readonly RegExp[] = [/^tenants.json: Who is new/];

const GIVEN = { tenant: TENANT, workflow: 'support', session: `${TENANT}-support-7` };

let ledger: FilledLedger;

beforeAll(async () => {
  ledger = await fillLedger();
}, 600_000);

afterAll(() => ledger?.engine.stop());

function sqlFor({ text }: Asked, variables: Variables): string {
  const { fromMs, toMs } = ledger;
  return expandSql(text, { fromMs, toMs, intervalMs: 120_000 }, variables);
}

/** As when a dashboard is opened by a link: all of what has all. */
function opened({ dashboard }: Asked, given: Readonly<Record<string, string | readonly string[]>> = GIVEN): Variables {
  const isSingle = (name: string): boolean =>
    dashboard.templating.list.some((variable) => variable.name === name && variable.multi !== true);
  const single = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, isSingle(name) ? value : [value].flat()]),
  );
  const { workflow, ...rest } = single;
  return chosenOf(dashboard, isSingle('workflow') && workflow !== undefined ? { ...rest, workflow } : rest);
}

async function ask(database: string, asked: Asked, variables: Variables): Promise<Answer> {
  return ledger.engine.ask(database, sqlFor(asked, variables));
}

describe('queries of dashboards', () => {
  it('are found', () => {
    expect(queries.length).toBeGreaterThan(70);
  });

  it.each(queries.map((asked) => [asked.what, asked] as const))('find something: %s', async (what, asked) => {
    const { rows } = await ask(FILLED, asked, opened(asked));
    const isEmpty = rows.every((row) => row.every((value) => value === null));
    expect(isEmpty).toBe(EMPTY_HERE.some((panel) => panel.test(what)));
  });

  it.each(queries.map((asked) => [asked.what, asked] as const))('do not fail without data: %s', async (_, asked) => {
    const { rows } = await ask(EMPTY, asked, opened(asked));
    expect(rows.length).toBeLessThan(50);
  });

  it.each(scoped.map((asked) => [asked.what, asked] as const))(
    'give a tenant what they would if it were the only one: %s',
    async (_, asked) => {
      const both = await ask(FILLED, asked, opened(asked));
      const alone = await ask(ALONE, asked, opened(asked));
      expect(comparable(both)).toEqual(comparable(alone));
    },
  );

  it('would be seen to look at others', async () => {
    const [sound] = queries.filter(({ what }) => what.startsWith('overview.json: Spent today'));
    if (sound === undefined) throw new Error('There is no such panel');
    const leaking = { ...sound, text: sound.text.replace(/WHERE \(.*\n\s+AND/, 'WHERE') };
    const both = await ask(FILLED, leaking, opened(leaking));
    expect(leaking.text).not.toBe(sound.text);
    expect(comparable(both)).not.toEqual(comparable(await ask(ALONE, leaking, opened(leaking))));
  });

  // One after the other through all variables, so that what one leaves open is followed by another.
  const [quote = '', backslash = '', bracket = '', longest = ''] = [1, 2, 4, -1].map((at) => HOSTILE_NAMES.at(at));
  const tricks = [
    { tenant: backslash, workflow: bracket, session: bracket, agent: quote, model: bracket },
    { tenant: TENANT, workflow: backslash, session: bracket, agent: bracket, model: backslash },
    // No longer text is taken for an id of a session.
    { tenant: longest, workflow: longest, session: longest.slice(0, 200), agent: longest, model: longest },
  ];

  it.each(scoped.map((asked) => [asked.what, asked] as const))(
    'take whatever is chosen for a name: %s',
    async (_, asked) => {
      const found = await Promise.all(tricks.map((trick) => ask(FILLED, asked, opened(asked, trick))));
      const texts = found.flatMap(({ rows }) => rows.flat()).filter((value) => typeof value === 'string');
      expect(texts.filter((text) => text.startsWith('globex'))).toEqual([]);
    },
  );
});

/** Rows in an order of their own; sums of floating point numbers depend on the order in their last digits. */
function comparable({ columns, rows }: Answer): unknown {
  const rounded = rows.map((row) =>
    row.map((value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value)),
  );
  return { columns, rows: rounded.map((row) => JSON.stringify(row)).toSorted() };
}

describe('names that are more than names', () => {
  /** Characters of a name that are kept. */
  const NAME_MAX = 1024;

  const find = (title: string): Asked => {
    const found = queries.find(({ what }) => what.includes(title));
    if (found === undefined) throw new Error(`No panel is called ${title}`);
    return found;
  };

  // Grafana itself takes this one for all.
  const names = HOSTILE_NAMES.filter((name) => name !== '$__all').map((name) => [name.slice(0, 40), name] as const);

  it.each(names)('find their workflow: %s', async (_, name) => {
    const sessions = find('workflow.json: Sessions ended');
    const { rows } = await ask(
      FILLED,
      sessions,
      opened(sessions, { tenant: TENANT, workflow: name.slice(0, NAME_MAX) }),
    );
    expect(rows).toEqual([[1]]);
  });

  // What is longer is no id.
  it.each(names.filter(([, name]) => name.length <= 200))('find their session: %s', async (_, name) => {
    const turns = find('session.json: How many tokens did each turn take');
    const { rows } = await ask(FILLED, turns, opened(turns, { tenant: TENANT, session: name }));
    expect(rows).toHaveLength(2);
  });

  it('find their workflow among several', async () => {
    const spent = find('overview.json: Which workflows spend most');
    const several = HOSTILE_NAMES.slice(0, 6);
    const variables = chosenOf(spent.dashboard, { tenant: [TENANT], workflow: several });
    const { rows } = await ask(FILLED, spent, variables);
    expect(new Set(rows.map(([workflow]) => workflow))).toEqual(new Set(several));
  });
});

describe('what a session usually costs', () => {
  it('is what policies take for it: the robust mean of the latest sessions', async () => {
    const usual = await ledger.engine.ask(
      FILLED,
      expandSql(
        `WITH ${withUsualCost({ workflow: "'support'" })} SELECT usual_cost`,
        { fromMs: 0, toMs: 0, intervalMs: 1000 },
        { tenant: { value: TENANT } },
      ),
    );
    const costs = await ledger.engine.ask(
      FILLED,
      `SELECT cost_nano_usd FROM session_summaries FINAL WHERE tenant = '${TENANT}' AND workflow = 'support' AND cost_status = 'exact'`,
    );
    const expected = robustMean(costs.rows.map(([cost]) => Number(cost))) ?? 0;
    expect(costs.rows.length).toBeGreaterThan(30);
    expect(Number(usual.rows[0]?.[0])).toBeCloseTo(expected, 3);
  });

  it('is nothing where nobody knows', async () => {
    const sql = `WITH ${withUsualCost({ workflow: "'nobody'", version: "'1'", except: "''" })} SELECT usual_cost`;
    const expanded = expandSql(sql, { fromMs: 0, toMs: 0, intervalMs: 1000 }, { tenant: { value: TENANT } });
    const { rows } = await ledger.engine.ask(EMPTY, expanded);
    expect(rows).toEqual([[0]]);
  });
});

describe('tables', () => {
  const tables = dashboards.flatMap(([file, dashboard]) =>
    panelsOf(dashboard)
      .filter(({ type, targets = [] }) => type === 'table' && targets.every(({ rawSql }) => rawSql !== undefined))
      .map((panel) => {
        const alone = { ...dashboard, panels: [panel], templating: { list: [] }, annotations: { list: [] } };
        const asked = sqlOf(file, alone).map((query) => ({ ...query, dashboard }));
        return [`${file}: ${panel.title}`, panel, asked] as const;
      }),
  );

  it.each(tables)(
    'have a unit for every column of numbers, and no unit for columns that are not: %s',
    async (_, panel, asked) => {
      const answers = await Promise.all(asked.map((query) => ask(FILLED, query, opened(query))));
      const columns = answers.flatMap((answer) => answer.columns);
      const numbers = columns.filter(({ type }) => /Int|Float|Decimal/.test(type)).map(({ name }) => name);
      const overrides = (panel.fieldConfig?.overrides ?? []).filter(({ matcher }) => matcher.id === 'byName');
      const named = overrides.map(({ matcher, properties }) => [String(matcher.options), properties] as const);
      const settled = named
        .filter(([, properties]) => properties.some(({ id }) => id === 'unit' || id === 'custom.hideFrom.viz'))
        .map(([name]) => name);
      expect(numbers.filter((name) => !settled.includes(name))).toEqual([]);
      const names = columns.map(({ name }) => name);
      expect(named.map(([name]) => name).filter((name) => !names.includes(name))).toEqual([]);
    },
  );
});

describe('metrics of dashboards', () => {
  const selectors = dashboards.flatMap(([file, dashboard]) =>
    promqlOf(file, dashboard).flatMap(({ what, text }) =>
      selectorsIn(expandPromql(text, { fromMs: 0, toMs: 3_600_000, intervalMs: 60_000 }, chosenOf(dashboard, {}))).map(
        (selector) => ({ ...selector, what }),
      ),
    ),
  );
  /** Prometheus' own, and the Collector's. */
  const OTHERS = /^(?:|ALERTS|ALERTS_FOR_STATE|up|scrape_\w+|prometheus_\w+|otelcol_\w+)$/;
  const OTHER_LABELS = ['job', 'instance', 'alertname', 'alertstate', 'severity'];

  it('are ones that the service prints, or that rules record', () => {
    const known = new Set([...printedMetrics(ledger.metrics).keys(), ...recordedMetrics()]);
    const unknown = selectors.filter(({ metric }) => !known.has(metric) && !OTHERS.test(metric));
    expect(unknown.map(({ what, metric }) => `${what}: ${metric}`)).toEqual([]);
  });

  it('are asked for by labels that they are printed with', () => {
    const printed = printedMetrics(ledger.metrics);
    const wrong = selectors.flatMap(({ metric, labels, what }) => {
      const known = printed.get(metric);
      // Without a sample there are no labels to compare with.
      if (known === undefined || known.size === 0) return [];
      return labels
        .filter((label) => !known.has(label) && !OTHER_LABELS.includes(label))
        .map((label) => `${what}: ${metric}{${label}}`);
    });
    expect(wrong).toEqual([]);
  });
});
