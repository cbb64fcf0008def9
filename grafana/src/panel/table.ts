// Rows: every column has a name that people read, a unit and a width.

import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { type Drill, drillUrl } from '../link.ts';
import type { Color, Step, Unit } from '../style.ts';
import { framed, overrideOf, type PanelOptions, thresholds } from './panel.ts';

export interface Column {
  /** As the query calls it, which is what people read: `cost`. A name from Prometheus is given with {@link header}. */
  readonly name: string;
  /** @default the name */
  readonly header?: string;
  readonly unit?: Unit;
  readonly decimals?: number;
  /** In pixels; what has none shares what is left. */
  readonly width?: number;
  /** Colors the cell. */
  readonly steps?: readonly Step[];
  /** Draws a bar in the cell; without a color it has that of the steps. */
  readonly bar?: { readonly color?: Color; readonly max?: number };
  readonly drill?: Drill;
  /** Where a click leads that leaves Grafana: title and address. */
  readonly link?: { readonly title: string; readonly url: string };
  /** Texts instead of values: their colors. */
  readonly states?: Readonly<Record<string, { readonly text?: string; readonly color: Color }>>;
  /** Is there for links of other columns. @default false */
  readonly isHidden?: boolean;
}

export interface TableOptions extends PanelOptions {
  readonly columns: readonly Column[];
  /** Shown first: a column, falling. @default as the query orders them */
  readonly sortedBy?: string;
  readonly transformations?: readonly DataTransformerConfig[];
}

export function table(options: TableOptions): PanelBuilder {
  const { columns, sortedBy, transformations = [] } = options;
  const builder = framed(new PanelBuilder(), options).cellHeight(TableCellHeight.Sm).showHeader(true);
  // What is said of an empty table would stand in each empty cell of one that is not.
  const rest = property('noValue', options.noValue === undefined ? undefined : '–');
  for (const column of columns) builder.withOverride(overrideOf(column.name, [...propertiesOf(column), ...rest]));
  if (sortedBy !== undefined) builder.sortBy([new TableSortByFieldStateBuilder().displayName(sortedBy).desc(true)]);
  return transformations.length > 0 ? builder.transformations([...transformations]) : builder;
}

function propertiesOf({ header, unit, decimals, width, isHidden, drill, link, ...cell }: Column): DynamicConfigValue[] {
  return [
    ...property('displayName', header),
    ...property('unit', unit),
    ...property('decimals', decimals),
    ...property('custom.width', width),
    ...property('custom.hideFrom.viz', isHidden),
    ...property('links', linksOf(drill, link)),
    ...cellOf(cell),
  ];
}

function linksOf(drill: Column['drill'], link: Column['link']): object[] | undefined {
  if (drill !== undefined) return [{ title: drill.title, url: drillUrl(drill), targetBlank: false }];
  return link === undefined ? undefined : [{ ...link, targetBlank: true }];
}

function property(id: string, value: unknown): DynamicConfigValue[] {
  return value === undefined ? [] : [{ id, value }];
}

function cellOf({ steps, bar, states }: Pick<Column, 'steps' | 'bar' | 'states'>): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [];
  if (steps !== undefined) {
    properties.push(
      { id: 'thresholds', value: thresholds(steps).build() },
      { id: 'color', value: { mode: 'thresholds' } },
      { id: 'custom.cellOptions', value: { type: 'color-text' } },
    );
  }
  if (bar !== undefined) {
    properties.push(
      ...property('color', bar.color === undefined ? undefined : { mode: 'fixed', fixedColor: bar.color }),
      { id: 'min', value: 0 },
      // Else it would be the largest value of all columns.
      ...(bar.max === undefined ? [{ id: 'fieldMinMax', value: true }] : [{ id: 'max', value: bar.max }]),
      { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' } },
    );
  }
  if (states !== undefined) {
    properties.push(
      { id: 'mappings', value: [{ type: 'value', options: mapped(states) }] },
      { id: 'custom.cellOptions', value: { type: 'color-text' } },
    );
  }
  return properties;
}

function mapped(states: NonNullable<Column['states']>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(states).map(([value, { text, color }], index) => [
      value,
      { ...(text === undefined ? {} : { text }), color, index },
    ]),
  );
}
