// What there is to choose from: the queries of variables, asked as Grafana's data sources ask them.

import { expandPromql, expandSql } from '../../../src/query/expand.ts';
import { askClickHouse } from './clickhouse.ts';
import type { ChosenVariable, VariableJson } from './dashboard.ts';

export interface Engines {
  readonly clickHouseUrl: string;
  readonly prometheusUrl: string;
}

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

export interface Asked {
  readonly span: TimeSpan;
  /** Those that stand before. */
  readonly variables: Readonly<Record<string, ChosenVariable>>;
}

/** How far points would be apart; queries of variables have none. */
const INTERVAL_MS = 60_000;

export async function optionsOf(variable: VariableJson, engines: Engines, asked: Asked): Promise<readonly Option[]> {
  const text = typeof variable.query === 'string' ? variable.query : (variable.query?.query ?? '');
  switch (variable.type) {
    case 'query': {
      const isPrometheus = variable.datasource?.type === 'prometheus';
      const found = isPrometheus ? await labelValues(text, engines, asked) : await rowsOf(text, engines, asked);
      return filtered(found, variable);
    }
    case 'custom':
    case 'interval':
      return text.split(',').map(customOption);
    case 'constant':
      return [{ value: text, text }];
    default:
      return [];
  }
}

/** `seven days : 7d` or `7d` */
function customOption(option: string): Option {
  const [text = '', value = text] = option.trim().split(' : ');
  return { value, text };
}

/** The first column has the values, a second one what is shown instead. */
async function rowsOf(sql: string, { clickHouseUrl }: Engines, { span, variables }: Asked): Promise<readonly Option[]> {
  const expanded = expandSql(sql, { ...span, intervalMs: INTERVAL_MS }, variables);
  const [frame] = await askClickHouse(clickHouseUrl, expanded, { refId: 'A', isTimeSeries: false });
  const [values, texts = values] = frame?.fields ?? [];
  return (values?.values ?? []).map((value, row) => ({
    value: String(value),
    text: String(texts?.values[row] ?? value),
  }));
}

/** `label_values(metric{…}, label)`, `label_values(label)` */
async function labelValues(
  text: string,
  { prometheusUrl }: Engines,
  { span, variables }: Asked,
): Promise<readonly Option[]> {
  const [, metric, label = ''] = /^label_values\((?:(.+),)?\s*(\w+)\s*\)$/s.exec(text.trim()) ?? [];
  if (label === '') throw new Error(`expected label_values(metric, label), received ${text.slice(0, 80)}`);
  const query = new URLSearchParams({ start: String(span.fromMs / 1000), end: String(span.toMs / 1000) });
  if (metric !== undefined) query.set('match[]', expandPromql(metric, { ...span, intervalMs: INTERVAL_MS }, variables));
  const response = await fetch(`${prometheusUrl}/api/v1/label/${label}/values?${query.toString()}`);
  const answer = (await response.json()) as { readonly data?: readonly string[]; readonly error?: string };
  if (answer.data === undefined) throw new Error(answer.error ?? `Prometheus answered ${response.status}`);
  return answer.data.map((value) => ({ value, text: value }));
}

function filtered(options: readonly Option[], { regex, sort = 0 }: VariableJson): readonly Option[] {
  const [, pattern, flags] = /^\/(.*)\/([a-z]*)$/s.exec(regex ?? '') ?? [];
  const expression = pattern === undefined ? undefined : new RegExp(pattern, flags);
  const kept = expression === undefined ? options : options.flatMap((option) => matched(option, expression));
  const unique = [...new Map(kept.map((option) => [option.value, option])).values()];
  if (sort === 0) return unique;
  const sorted = unique.toSorted((a, b) => (a.text < b.text ? -1 : 1));
  return sort === 1 ? sorted : sorted.toReversed();
}

/** A group of the expression is the value; without one the value stays. */
function matched(option: Option, expression: RegExp): readonly Option[] {
  const found = expression.exec(option.value);
  if (found === null) return [];
  const [, group] = found;
  return [group === undefined ? option : { value: group, text: group }];
}
