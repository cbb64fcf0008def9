// A dashboard's variables: their queries asked, a value chosen as Grafana chooses one when the address names none.

import { expandPromql, expandSql } from '../../../src/query/expand.ts';
import { askClickHouse } from './clickhouse.ts';
import type { ChosenVariable, DashboardJson, VariableJson } from './dashboard.ts';

export interface Engines {
  readonly clickHouseUrl: string;
  readonly prometheusUrl: string;
}

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Wishes {
  /** What variables are to have. */
  readonly preferred: Readonly<Record<string, string>>;
  /** What they have where a dashboard says neither a value nor all of them. */
  readonly fallback: Readonly<Record<string, string>>;
}

interface ChooseOptions extends Wishes {
  readonly span: TimeSpan;
}

interface Chosen {
  readonly variables: Readonly<Record<string, ChosenVariable>>;
  readonly problems: readonly string[];
}

const ALL = '$__all';

export async function chooseVariables(
  { templating }: DashboardJson,
  engines: Engines,
  { span, preferred, fallback }: ChooseOptions,
): Promise<Chosen> {
  const variables: Record<string, ChosenVariable> = {};
  const problems: string[] = [];
  for (const variable of templating?.list ?? []) {
    let options: readonly string[] = [];
    try {
      options = await optionsOf(variable, engines, { span, variables });
    } catch (error) {
      problems.push(`variable ${variable.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (options.length === 0 && ['query', 'custom'].includes(variable.type))
      problems.push(`variable ${variable.name} has no values`);
    variables[variable.name] = {
      label: variable.label ?? variable.name,
      value: chosenValue(variable, options, { wanted: preferred[variable.name], fallback: fallback[variable.name] }),
      allValue: variable.allValue,
      options,
      isShown: (variable.hide ?? 0) < 2 && variable.type !== 'datasource',
    };
  }
  return { variables, problems };
}

interface Wish {
  readonly wanted: string | undefined;
  readonly fallback: string | undefined;
}

function chosenValue(
  variable: VariableJson,
  options: readonly string[],
  { wanted, fallback }: Wish,
): string | readonly string[] {
  const one = (value: string): string | readonly string[] => (variable.multi === true ? [value] : value);
  if (wanted !== undefined) return one(wanted);
  const saved = variable.current?.value;
  const isSaved = saved !== undefined && saved.length > 0;
  if (
    isSaved &&
    (variable.type === 'datasource' || saved === ALL || saved[0] === ALL || options.includes(String(saved)))
  )
    return saved;
  if (variable.includeAll === true) return ALL;
  if (fallback !== undefined && (options.includes(fallback) || variable.type === 'textbox')) return one(fallback);
  const [first] = options;
  return first === undefined ? '' : one(first);
}

interface Asked {
  readonly span: TimeSpan;
  readonly variables: Readonly<Record<string, ChosenVariable>>;
}

async function optionsOf(variable: VariableJson, engines: Engines, asked: Asked): Promise<readonly string[]> {
  const text = typeof variable.query === 'string' ? variable.query : (variable.query?.query ?? '');
  switch (variable.type) {
    case 'query': {
      const isPrometheus = variable.datasource?.type === 'prometheus';
      const found = isPrometheus ? await labelValues(text, engines, asked) : await columnOf(text, engines, asked);
      return filtered(found, variable);
    }
    case 'custom':
    case 'interval':
      return text.split(',').map((option) => option.trim().replace(/^.* : /, ''));
    case 'constant':
      return [text];
    default:
      return [];
  }
}

async function columnOf(
  sql: string,
  { clickHouseUrl }: Engines,
  { span, variables }: Asked,
): Promise<readonly string[]> {
  const range = { ...span, intervalMs: 60_000 };
  const [frame] = await askClickHouse(clickHouseUrl, expandSql(sql, range, variables), {
    refId: 'A',
    isTimeSeries: false,
  });
  // A second column has the values where the first has what is shown.
  return (frame?.fields.at(-1)?.values ?? []).map(String);
}

/** `label_values(metric{…}, label)`, `label_values(label)`, `query_result(…)` is not used. */
async function labelValues(
  text: string,
  { prometheusUrl }: Engines,
  { span, variables }: Asked,
): Promise<readonly string[]> {
  const [, metric, label = ''] = /^label_values\((?:(.+),)?\s*(\w+)\s*\)$/s.exec(text.trim()) ?? [];
  if (label === '') throw new Error(`expected label_values(metric, label), received ${text.slice(0, 80)}`);
  const query = new URLSearchParams({ start: String(span.fromMs / 1000), end: String(span.toMs / 1000) });
  if (metric !== undefined) query.set('match[]', expandPromql(metric, { ...span, intervalMs: 60_000 }, variables));
  const response = await fetch(`${prometheusUrl}/api/v1/label/${label}/values?${query.toString()}`);
  const answer = (await response.json()) as { readonly data?: readonly string[]; readonly error?: string };
  if (answer.data === undefined) throw new Error(answer.error ?? 'no answer');
  return answer.data;
}

function filtered(values: readonly string[], { regex, sort = 0 }: VariableJson): readonly string[] {
  const [, pattern, flags] = /^\/(.*)\/([a-z]*)$/s.exec(regex ?? '') ?? [];
  const expression = pattern === undefined ? undefined : new RegExp(pattern, flags);
  const kept =
    expression === undefined
      ? values
      : values.flatMap((value) => {
          const found = expression.exec(value);
          return found === null ? [] : [found[1] ?? value];
        });
  const unique = [...new Set(kept)];
  if (sort === 1) return unique.toSorted();
  return sort === 2 ? unique.toSorted().toReversed() : unique;
}
