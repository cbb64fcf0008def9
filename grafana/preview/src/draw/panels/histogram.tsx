// Look-alike of Grafana's histogram, of buckets that its transformation has counted.

import { FieldType, formattedValueToString, getDisplayProcessor, getFieldSeriesColor } from '@grafana/data';
import type { JSX } from 'react';
import type { VisualProps } from '../panel-box.tsx';
import { Bars } from './bars.tsx';

/** Columns of the transformation: where buckets begin and end, and a count for each column of numbers. */
const BEGIN = 'xMin';
const END = 'xMax';

export function HistogramPanel({ panel, theme, timeZone, width, height }: VisualProps): JSX.Element {
  const [frame] = panel.frames;
  const begin = frame?.fields.find(({ name }) => name === BEGIN);
  const counts =
    frame?.fields.filter(({ name, type }) => name !== BEGIN && name !== END && type === FieldType.number) ?? [];
  if (begin === undefined || counts.length === 0) return <div data-failure="">Data has no numbers</div>;
  const display = getDisplayProcessor({
    field: { type: FieldType.number, config: panel.fieldConfig.defaults },
    theme,
    timeZone,
  });
  const labels = (begin.values as number[]).map((value) => formattedValueToString(display(value)));
  const series = counts.map((field) => ({
    name: field.name,
    values: field.values as number[],
    color: getFieldSeriesColor(
      { ...field, config: { ...field.config, color: panel.fieldConfig.defaults.color } },
      theme,
    ).color,
  }));
  return (
    <Bars {...{ labels, series, theme, width, height }} isBetween isStacked={false} format={(value) => String(value)} />
  );
}
