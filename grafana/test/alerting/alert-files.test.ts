// The files of provisioning/alerting: written as they are, equal to the alerts of Prometheus, and of the form that Grafana reads.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertFiles } from '../../src/alerting/alert-files.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const FOLDER = path.join(ROOT, 'grafana/provisioning/alerting');

interface Rule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly relativeTimeRange: { readonly from: number; readonly to: number };
    readonly model: Readonly<Record<string, unknown>>;
  }[];
  readonly noDataState: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
}

interface Group {
  readonly folder: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

function groupsIn(file: string): readonly Group[] {
  return (parse(readFileSync(path.join(FOLDER, file), 'utf8')) as { readonly groups: readonly Group[] }).groups;
}

const files = readdirSync(FOLDER);
const groups = files.flatMap(groupsIn);
const rules = groups.flatMap((group) => group.rules);
const ofPrometheus = groupsIn('prometheus-rules.yaml').flatMap((group) => group.rules);
const ofClickHouse = groupsIn('clickhouse-rules.yaml').flatMap((group) => group.rules);

/** What Prometheus evaluates, read without the program that writes the file. */
const alerts = readdirSync(path.join(ROOT, 'prometheus/rules')).flatMap((file) => {
  const text = readFileSync(path.join(ROOT, 'prometheus/rules', file), 'utf8');
  const parsed = parse(text) as {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly alert?: string;
        readonly expr: string;
        readonly for?: string;
        readonly labels: Rule['labels'];
      }[];
    }[];
  };
  return parsed.groups.flatMap((group) => group.rules).filter(({ alert }) => alert !== undefined);
});

describe('the alert rules of Grafana', () => {
  it('are those that are written', () => {
    const expected = alertFiles({ isPaused: true });
    expect(files.toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [file, text] of Object.entries(expected)) {
      const remedy = 'run `npm run grafana:alerts`';
      expect({ remedy, text: readFileSync(path.join(FOLDER, file), 'utf8') }).toEqual({ remedy, text });
    }
  });

  it('have every alert of Prometheus as it is there, and no other', () => {
    const here = ofPrometheus.map(({ title, data, for: lasting, labels }) => ({
      alert: title,
      expr: data[0]?.model['expr'],
      for: lasting,
      labels,
    }));
    const there = alerts.map(({ alert, expr, for: lasting = '0s', labels }) => ({
      alert,
      expr: expr.trim(),
      for: lasting,
      labels,
    }));
    const inOrder = (list: readonly object[]): readonly string[] => list.map((one) => JSON.stringify(one)).toSorted();
    expect(inOrder(here)).toEqual(inOrder(there));
  });

  it('tell nobody twice: what Prometheus has is paused, what it has not is on', () => {
    expect(new Set(ofPrometheus.map(({ isPaused }) => isPaused))).toEqual(new Set([true]));
    expect(new Set(ofClickHouse.map(({ isPaused }) => isPaused))).toEqual(new Set([false]));
    const names = new Set(alerts.map(({ alert }) => alert));
    expect(ofClickHouse.filter(({ title }) => names.has(title))).toEqual([]);
  });

  it('can be had active, by those who have no Alertmanager', () => {
    const active = alertFiles({ isPaused: false })['prometheus-rules.yaml'] ?? '';
    expect(active.match(/isPaused: (true|false)/g)).toEqual(ofPrometheus.map(() => 'isPaused: false'));
  });
});

// AlertRuleV1 and QueryV1 of Grafana's pkg/services/provisioning/alerting/rules_types.go; what else stands in a file is not read, without a word.
const RULE_FIELDS = new Set(
  'uid title condition data dashboardUid panelId noDataState execErrState for keepFiringFor missing_series_evals_to_resolve annotations labels isPaused notification_settings record'.split(
    ' ',
  ),
);
const QUERY_FIELDS = new Set(['refId', 'queryType', 'relativeTimeRange', 'datasourceUid', 'model']);

describe('their form', () => {
  it('is the one that Grafana reads', () => {
    expect(rules.flatMap((rule) => Object.keys(rule)).filter((field) => !RULE_FIELDS.has(field))).toEqual([]);
    const queries = rules.flatMap(({ data }) => data);
    expect(queries.flatMap((query) => Object.keys(query)).filter((field) => !QUERY_FIELDS.has(field))).toEqual([]);
    expect(rules.filter(({ noDataState }) => noDataState !== 'OK')).toEqual([]);
    const durations = [...groups.map(({ interval }) => interval), ...rules.map((rule) => rule.for)];
    expect(durations.filter((duration) => !/^\d+[smhd]$/.test(duration))).toEqual([]);
  });

  it('has uids that are unique and short enough, and titles that are unique in their folder', () => {
    expect(rules.filter(({ uid }) => !/^[a-z0-9-]{1,40}$/.test(uid))).toEqual([]);
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
    const titles = groups.flatMap(({ folder, rules: own }) => own.map(({ title }) => `${folder}/${title}`));
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('asks data sources that are provisioned, and has a condition that is computed', () => {
    const sources = readFileSync(path.join(ROOT, 'grafana/provisioning/datasources/turnmeter.yaml'), 'utf8');
    const { datasources } = parse(sources) as { readonly datasources: readonly { readonly uid: string }[] };
    const known = new Set(['__expr__', ...datasources.map(({ uid }) => uid)]);
    const unknown = rules.flatMap(({ data }) => data).filter(({ datasourceUid }) => !known.has(datasourceUid));
    expect(unknown).toEqual([]);
    expect(rules.filter(({ condition, data }) => data.at(-1)?.refId !== condition)).toEqual([]);
    // Each names its source twice, once for the backend and once for the editor.
    const twice = rules
      .flatMap(({ data }) => data)
      .filter(({ datasourceUid, model }) => (model['datasource'] as { readonly uid: string }).uid !== datasourceUid);
    expect(twice).toEqual([]);
  });

  it('says nothing that provisioning or a template would replace by something else', () => {
    // Provisioning replaces ${NAME} in annotations and $NAME in labels by the environment.
    const annotations = rules.flatMap((rule) => Object.values(rule.annotations));
    expect(annotations.filter((text) => text.includes('${'))).toEqual([]);
    expect(rules.flatMap(({ labels }) => Object.values(labels)).filter((text) => text.includes('$'))).toEqual([]);
    // $value is a number for Prometheus and a sentence for Grafana; of query, first and value Grafana knows nothing.
    expect(annotations.filter((text) => /\$value\b|\| (query|first|value)\b/.test(text))).toEqual([]);
    const values = annotations.flatMap((text) => [...text.matchAll(/\$values\.(\w+)/g)].map(([, refId]) => refId));
    expect([...new Set(values)]).toEqual(['query']);
  });

  it('uses no macro that only a browser expands, and no variable', () => {
    const texts = ofClickHouse.flatMap(({ data }) =>
      data.map(({ model }) => (model['rawSql'] as string | undefined) ?? ''),
    );
    const dollars = texts.flatMap((text) => text.match(/\$\{?\w+/g) ?? []);
    expect(dollars.length).toBeGreaterThan(0);
    expect(dollars.filter((name) => !['$__fromTime', '$__toTime', '$__timeFilter'].includes(name))).toEqual([]);
  });
});
