// Look-alike of Grafana's bar chart.

import { FieldType, formattedValueToString, getFieldDisplayName, getFieldSeriesColor } from '@grafana/data';
import type { JSX } from 'react';
import type { VisualProps } from '../panel-box.tsx';
import { Bars } from './bars.tsx';

interface BarChartOptions {
  readonly xField?: string;
  readonly orientation?: string;
  readonly stacking?: string;
  readonly legend?: { readonly showLegend?: boolean };
}

export function BarChartPanel({ panel, theme, width, height }: VisualProps): JSX.Element {
  const options = panel.options as BarChartOptions;
  const [frame] = panel.frames;
  const x =
    frame?.fields.find(
      (field) => getFieldDisplayName(field, frame) === options.xField || field.name === options.xField,
    ) ?? frame?.fields.find(({ type }) => type !== FieldType.number);
  const numbers = frame?.fields.filter((field) => field.type === FieldType.number && field !== x) ?? [];
  const [first] = numbers;
  if (frame === undefined || x === undefined || first === undefined)
    return <div data-failure="">Data has no names or no numbers</div>;
  const labels = x.values.map((value: unknown) =>
    x.display === undefined ? String(value) : formattedValueToString(x.display(value)),
  );
  const series = numbers.map((field) => ({
    name: getFieldDisplayName(field, frame, panel.frames),
    values: field.values as number[],
    color: getFieldSeriesColor(field, theme).color,
  }));
  const format = (value: number): string =>
    first.display === undefined ? String(value) : formattedValueToString(first.display(value));
  const isStacked = options.stacking === 'normal' || options.stacking === 'percent';
  return (
    <Bars
      {...{ labels, series, theme, width, height, isStacked, format }}
      hasLegend={options.legend?.showLegend !== false && series.length > 1}
      isHorizontal={options.orientation === 'horizontal'}
    />
  );
}
