// A dashboard's variables, with a value chosen as Grafana chooses one when the address names none.

import type { ChosenVariable, DashboardJson, VariableJson } from './dashboard.ts';
import { type Engines, type Option, optionsOf, type TimeSpan } from './variable-options.ts';

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
    const { name, type } = variable;
    let options: readonly Option[] = [];
    try {
      options = await optionsOf(variable, engines, { span, variables });
      if (options.length === 0 && (type === 'query' || type === 'custom'))
        problems.push(`variable ${name} has no values`);
    } catch (error) {
      problems.push(`variable ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    const value = chosenValue(variable, options, { wanted: preferred[name], fallback: fallback[name] });
    variables[name] = {
      label: variable.label ?? name,
      value,
      text: textOf(value, options),
      allValue: variable.allValue,
      isMulti: variable.multi === true || variable.includeAll === true,
      options: options.map((option) => option.value),
      isShown: (variable.hide ?? 0) < 2 && type !== 'datasource',
    };
  }
  return { variables, problems };
}

interface Wish {
  readonly wanted: string | undefined;
  readonly fallback: string | undefined;
}

function chosenValue(variable: VariableJson, options: readonly Option[], wish: Wish): string | readonly string[] {
  const one = (value: string): string | readonly string[] => (variable.multi === true ? [value] : value);
  const has = (wanted: string): boolean => options.some(({ value }) => value === wanted);
  if (wish.wanted !== undefined) return one(wish.wanted);
  const saved = variable.current?.value ?? '';
  const isKept = variable.type === 'datasource' || isAll(saved) || (typeof saved === 'string' && has(saved));
  if (saved.length > 0 && isKept) return saved;
  if (variable.includeAll === true) return ALL;
  if (wish.fallback !== undefined && (has(wish.fallback) || variable.type === 'textbox')) return one(wish.fallback);
  const [first] = options;
  return first === undefined ? '' : one(first.value);
}

export function isAll(value: string | readonly string[]): boolean {
  return value === ALL || value[0] === ALL;
}

function textOf(value: string | readonly string[], options: readonly Option[]): string {
  if (isAll(value)) return 'All';
  const values = typeof value === 'string' ? [value] : value;
  return values.map((one) => options.find((option) => option.value === one)?.text ?? one).join(' + ');
}
