// Look-alike of Grafana's heatmap for rows of buckets.

import { type Field, FieldType, formattedValueToString, getValueFormat } from '@grafana/data';
import * as schemes from 'd3-scale-chromatic';
import type { JSX } from 'react';
import type { VisualProps } from '../panel-box.tsx';
import { timesOf } from './scale.ts';

interface HeatmapOptions {
  readonly color?: { readonly scheme?: string; readonly exponent?: number; readonly reverse?: boolean };
  readonly yAxis?: { readonly unit?: string; readonly decimals?: number };
  readonly rowsFrame?: { readonly layout?: 'le' | 'ge' | 'unknown' | 'auto' };
  readonly cellGap?: number;
}

const AXIS = { left: 62, bottom: 24, legend: 40 };
const CELLS_MAX = 400;

export function HeatmapPanel({ panel, theme, width, height }: VisualProps): JSX.Element {
  const options = panel.options as HeatmapOptions;
  const fields = panel.frames.flatMap((frame) => frame.fields);
  const time = fields.find(({ type }) => type === FieldType.time);
  const rows = fields.filter(({ type }) => type === FieldType.number).toSorted((a, b) => boundOf(a) - boundOf(b));
  if (time === undefined || rows.length === 0) return <div data-failure="">Data is no heatmap</div>;
  const [plotWidth, plotHeight] = [width - AXIS.left - 8, height - AXIS.bottom - AXIS.legend];
  const [fromMs, toMs] = [panel.range.from.valueOf(), panel.range.to.valueOf()];
  const times = time.values as number[];
  const stepMs = stepOf(times, (toMs - fromMs) / CELLS_MAX);
  const most = Math.max(1e-12, ...rows.flatMap(({ values }) => values as number[]));
  const xOf = (timeMs: number): number => AXIS.left + ((timeMs - fromMs) / (toMs - fromMs)) * plotWidth;
  const rowHeight = plotHeight / rows.length;
  const gap = options.cellGap ?? 1;
  const unit = options.yAxis?.unit ?? 'short';
  const color = colorOf(options, theme.isDark);
  const text = { fill: theme.colors.text.primary, fontSize: 12 };
  return (
    <svg width={width} height={height} style={{ display: 'block' }}>
      {timesOf(fromMs, toMs, plotWidth / 90).map(({ timeMs, text: label }) => (
        <g key={timeMs}>
          <line x1={xOf(timeMs)} x2={xOf(timeMs)} y1={0} y2={plotHeight} stroke={theme.colors.border.weak} />
          <text {...text} x={xOf(timeMs)} y={plotHeight + 17} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      {rows.map((row, index) => (
        <g key={row.name}>
          {index % Math.max(1, Math.ceil(18 / rowHeight)) === 0 ? (
            <text {...text} x={AXIS.left - 8} y={plotHeight - index * rowHeight - rowHeight / 2 + 4} textAnchor="end">
              {boundText(row, unit)}
            </text>
          ) : null}
          {(row.values as (number | null)[]).map((value, at) =>
            value === null || value <= 1e-9 ? null : (
              <rect
                key={at}
                x={xOf(times[at] ?? 0)}
                y={plotHeight - (index + 1) * rowHeight}
                width={Math.max(1, (stepMs / (toMs - fromMs)) * plotWidth - gap)}
                height={Math.max(1, rowHeight - gap)}
                fill={color(value / most)}
              />
            ),
          )}
        </g>
      ))}
      {Array.from({ length: 100 }, (_, at) => (
        <rect key={at} x={AXIS.left + at * 2} y={height - 14} width={2} height={8} fill={color(at / 99)} />
      ))}
      <text {...text} fill={theme.colors.text.secondary} fontSize={11} x={AXIS.left} y={height - 17}>
        0
      </text>
      <text
        {...text}
        fill={theme.colors.text.secondary}
        fontSize={11}
        x={AXIS.left + 200}
        y={height - 17}
        textAnchor="end"
      >
        {numberText(most)}
      </text>
    </svg>
  );
}

/** Name of a bucket: its upper bound. */
function boundOf({ name, labels }: Field): number {
  const text = labels?.['le'] ?? name;
  return text === '+Inf' || text === 'Inf' ? Infinity : Number.parseFloat(text);
}

function boundText(row: Field, unit: string): string {
  const bound = boundOf(row);
  if (Number.isNaN(bound)) return row.name;
  return bound === Infinity ? '+Inf' : formattedValueToString(getValueFormat(unit)(bound));
}

function numberText(value: number): string {
  return formattedValueToString(getValueFormat('short')(value, value < 10 ? 1 : 0));
}

function stepOf(times: readonly number[], least: number): number {
  const steps = times
    .slice(1)
    .map((timeMs, index) => timeMs - (times[index] ?? 0))
    .filter((step) => step > 0);
  return Math.max(steps.length === 0 ? least : Math.min(...steps), 1);
}

/** Grafana turns schemes around in its dark theme, so that little is dark. */
function colorOf({ color = {} }: HeatmapOptions, isDark: boolean): (share: number) => string {
  const { scheme = 'Oranges', exponent = 0.5, reverse = false } = color;
  const interpolators = schemes as unknown as Readonly<Record<string, ((share: number) => string) | undefined>>;
  const interpolate = interpolators[`interpolate${scheme}`] ?? schemes.interpolateOranges;
  const isTurned = isDark !== reverse;
  return (share) => interpolate(isTurned ? 1 - share ** exponent : share ** exponent);
}
