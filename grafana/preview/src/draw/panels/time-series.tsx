import { type DataFrame, FieldType } from '@grafana/data';
import { LegendDisplayMode, type VizLegendOptions } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';
import type { JSX } from 'react';
import type { VisualProps } from '../panel-box.tsx';

const NO_LEGEND: VizLegendOptions = {
  showLegend: false,
  // @grafana/schema declares this enum twice, and exports one and the options of the other.
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment
  displayMode: LegendDisplayMode.List,
  placement: 'bottom',
  calcs: [],
};

export function TimeSeriesPanel({ panel, timeZone, width, height }: VisualProps): JSX.Element {
  const legend = { ...NO_LEGEND, ...(panel.options['legend'] as Partial<VizLegendOptions> | undefined) };
  const frames = panel.frames.filter(isDrawable);
  if (frames.length === 0) return <div data-failure="">Data is missing a time field or a number field</div>;
  return (
    <TimeSeries
      frames={frames}
      structureRev={1}
      width={width}
      height={height}
      timeRange={panel.range}
      timeZone={timeZone}
      legend={legend}
      options={{}}
    />
  );
}

function isDrawable({ fields }: DataFrame): boolean {
  return fields.some(({ type }) => type === FieldType.time) && fields.some(({ type }) => type === FieldType.number);
}
