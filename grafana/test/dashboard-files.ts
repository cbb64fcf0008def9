// The dashboards as Grafana finds them: every JSON file of the folder, whoever wrote it.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Variables } from '../src/query/interpolate.ts';

export const DASHBOARDS_FOLDER: string = path.join(import.meta.dirname, '../dashboards');

export interface TargetJson {
  readonly refId?: string;
  readonly datasource?: { readonly type?: string; readonly uid?: string };
  readonly rawSql?: string;
  readonly format?: number | string;
  readonly expr?: string;
  readonly instant?: boolean;
  readonly legendFormat?: string;
}

export interface PanelJson {
  readonly id?: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: TargetJson['datasource'];
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetJson[];
  readonly panels?: readonly PanelJson[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly fieldConfig?: {
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options?: unknown };
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
    }[];
  };
}

export interface VariableJson {
  readonly type: string;
  readonly name: string;
  readonly query?: unknown;
  readonly refresh?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly datasource?: TargetJson['datasource'];
  readonly current?: { readonly value?: unknown };
}

export interface AnnotationJson {
  readonly name: string;
  readonly enable?: boolean;
  readonly expr?: string;
  readonly target?: TargetJson;
}

export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly editable?: boolean;
  readonly tags: readonly string[];
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: { readonly list: readonly AnnotationJson[] };
}

export function readDashboards(): readonly (readonly [file: string, dashboard: DashboardJson])[] {
  return readdirSync(DASHBOARDS_FOLDER)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => [file, JSON.parse(readFileSync(path.join(DASHBOARDS_FOLDER, file), 'utf8')) as DashboardJson]);
}

/** Panels with queries, those of folded rows too. */
export function panelsOf(dashboard: DashboardJson): readonly PanelJson[] {
  return dashboard.panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}

export interface Asked {
  /** `overview.json: Spent today (A)` */
  readonly what: string;
  readonly dashboard: DashboardJson;
  readonly text: string;
}

/** Every query in SQL: of panels, of variables and of annotations. */
export function sqlOf(file: string, dashboard: DashboardJson): readonly Asked[] {
  return askedOf(file, dashboard, ({ rawSql }) => rawSql, 'clickhouse');
}

/** Every query in PromQL. */
export function promqlOf(file: string, dashboard: DashboardJson): readonly Asked[] {
  return askedOf(file, dashboard, ({ expr }) => expr, 'prometheus');
}

function askedOf(
  file: string,
  dashboard: DashboardJson,
  textOf: (target: TargetJson) => string | undefined,
  source: string,
): readonly Asked[] {
  const asked = (what: string, text: string | undefined): readonly Asked[] =>
    text === undefined ? [] : [{ what: `${file}: ${what}`, dashboard, text }];
  return [
    ...panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
      targets.flatMap((target) => asked(`${title} (${target.refId})`, textOf(target))),
    ),
    ...dashboard.templating.list
      .filter(({ type, datasource }) => type === 'query' && datasource?.uid === `\${${source}}`)
      .flatMap(({ name, query }) => asked(`variable ${name}`, typeof query === 'string' ? query : undefined)),
    ...dashboard.annotations.list.flatMap(({ name, target, expr }) =>
      asked(`annotation ${name}`, textOf(target ?? { ...(expr === undefined ? {} : { expr }) })),
    ),
  ];
}

/** What is chosen when a dashboard is opened: all of what has all, and else what is given. */
export function chosenOf(
  dashboard: DashboardJson,
  given: Readonly<Record<string, string | readonly string[]>>,
): Variables {
  return Object.fromEntries(
    dashboard.templating.list
      .filter(({ type }) => type !== 'datasource')
      .map(({ name, type, query, multi = false, includeAll = false, allValue }) => {
        const fallback = type === 'query' ? (includeAll ? '$__all' : '') : firstOf(query);
        return [name, { value: given[name] ?? fallback, allValue, isMulti: multi || includeAll }];
      }),
  );
}

/** The first value of a list, or the text. */
function firstOf(query: unknown): string {
  const [first = ''] = (typeof query === 'string' ? query : '').split(',');
  return first.includes(' : ') ? (first.split(' : ')[1] ?? '').trim() : first.trim();
}
