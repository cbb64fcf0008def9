// Bars over names or over ranges of values, with a scale.

import type { GrafanaTheme2 } from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import { VizLegend } from '@grafana/ui';
import type { JSX } from 'react';
import { ticksOf } from './scale.ts';

interface BarSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly color: string;
}

interface BarsProps {
  readonly labels: readonly string[];
  readonly series: readonly BarSeries[];
  readonly theme: GrafanaTheme2;
  readonly width: number;
  readonly height: number;
  readonly isStacked: boolean;
  readonly format: (value: number) => string;
  /** Labels stand where a bar begins, rather than below it. */
  readonly isBetween?: boolean;
  readonly isHorizontal?: boolean;
  readonly hasLegend?: boolean;
}

const CHARACTER_PIXELS = 6.6;
const LEGEND_PIXELS = 30;

export function Bars(props: BarsProps): JSX.Element {
  const { series, hasLegend = false, width, height } = props;
  const plotHeight = hasLegend ? height - LEGEND_PIXELS : height;
  return (
    <div style={{ width, height }}>
      {props.isHorizontal === true ? (
        <Lying {...props} height={plotHeight} />
      ) : (
        <Standing {...props} height={plotHeight} />
      )}
      {hasLegend ? (
        <VizLegend
          items={series.map(({ name, color }) => ({ label: name, color, yAxis: 1 }))}
          displayMode={LegendDisplayMode.List}
          placement="bottom"
        />
      ) : null}
    </div>
  );
}

function totals({ labels, series, isStacked }: BarsProps): readonly number[] {
  return labels.map((_, index) => {
    const stack = series.map(({ values }) => values[index] ?? 0);
    return isStacked ? stack.reduce((sum, value) => sum + value, 0) : Math.max(0, ...stack);
  });
}

interface Bar {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Of those beside one another at a label. */
  readonly place: number;
  readonly fill: { readonly fill: string; readonly fillOpacity: number };
}

/** At one label: on top of one another, or each from 0 beside the one before. */
function barsOf({ series, isStacked }: BarsProps, index: number): readonly Bar[] {
  let base = 0;
  return series.map(({ name, values, color }, at) => {
    const from = isStacked ? base : 0;
    const to = from + (values[index] ?? 0);
    base = to;
    return { name, from, to, place: isStacked ? 0 : at, fill: { fill: color, fillOpacity: 0.8 } };
  });
}

function Standing(props: BarsProps): JSX.Element {
  const { labels, series, theme, width, height, isStacked, format, isBetween = false } = props;
  const most = Math.max(1e-12, ...totals(props)) * 1.04;
  const ticks = ticksOf(0, most, height / 50);
  const left = 14 + CHARACTER_PIXELS * Math.max(...ticks.map((tick) => format(tick).length));
  const [plotWidth, plotHeight] = [width - left - 10, height - 26];
  const slot = plotWidth / Math.max(1, labels.length);
  const every = Math.max(
    1,
    Math.ceil((CHARACTER_PIXELS * Math.max(1, ...labels.map(({ length }) => length)) + 12) / slot),
  );
  const yOf = (value: number): number => plotHeight - (value / most) * plotHeight + 4;
  const text = { fill: theme.colors.text.primary, fontSize: 12 };
  const wide = isBetween ? slot - 1 : slot * 0.8;
  return (
    <svg width={width} height={height} style={{ display: 'block' }}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width - 10} y1={yOf(tick)} y2={yOf(tick)} stroke={theme.colors.border.weak} />
          <text {...text} x={left - 8} y={yOf(tick) + 4} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {labels.map((label, index) => {
        const x = left + index * slot;
        const each = isStacked ? wide : wide / series.length;
        return (
          <g key={index}>
            {barsOf(props, index).map(({ name, from, to, fill, place }) => (
              <rect
                key={name}
                x={x + (slot - wide) / 2 + place * each}
                y={yOf(to)}
                width={Math.max(1, each - 1)}
                height={Math.max(0, yOf(from) - yOf(to))}
                {...fill}
              />
            ))}
            {index % every === 0 ? (
              <text {...text} x={isBetween ? x : x + slot / 2} y={height - 6} textAnchor="middle">
                {label}
              </text>
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}

function Lying(props: BarsProps): JSX.Element {
  const { labels, series, theme, width, height, isStacked, format } = props;
  const most = Math.max(1e-12, ...totals(props)) * 1.04;
  const left = 14 + CHARACTER_PIXELS * Math.max(1, ...labels.map(({ length }) => length));
  const plotWidth = width - left - 24;
  const slot = (height - 26) / Math.max(1, labels.length);
  const xOf = (value: number): number => left + (value / most) * plotWidth;
  const text = { fill: theme.colors.text.primary, fontSize: 12 };
  return (
    <svg width={width} height={height} style={{ display: 'block' }}>
      {ticksOf(0, most, plotWidth / 110).map((tick) => (
        <g key={tick}>
          <line x1={xOf(tick)} x2={xOf(tick)} y1={0} y2={height - 26} stroke={theme.colors.border.weak} />
          <text {...text} x={xOf(tick)} y={height - 6} textAnchor="middle">
            {format(tick)}
          </text>
        </g>
      ))}
      {labels.map((label, index) => {
        const each = isStacked ? slot * 0.8 : (slot * 0.8) / series.length;
        return (
          <g key={index}>
            <text {...text} x={left - 8} y={(index + 0.5) * slot + 4} textAnchor="end">
              {label}
            </text>
            {barsOf(props, index).map(({ name, from, to, fill, place }) => (
              <rect
                key={name}
                x={xOf(from)}
                y={index * slot + slot * 0.1 + place * each}
                width={Math.max(0, xOf(to) - xOf(from))}
                height={Math.max(1, each - 1)}
                {...fill}
              />
            ))}
          </g>
        );
      })}
    </svg>
  );
}
