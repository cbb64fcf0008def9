// Look-alike of Grafana's state timeline.

import {
  type DataFrame,
  type Field,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import type { JSX } from 'react';
import { cellText } from '../../collect/cell-text.ts';
import type { VisualProps } from '../panel-box.tsx';
import { timesOf } from './scale.ts';

interface TimelineOptions {
  readonly showValue?: 'auto' | 'always' | 'never';
  readonly rowHeight?: number;
  readonly mergeValues?: boolean;
  readonly legend?: { readonly showLegend?: boolean };
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
  readonly color: string;
}

interface Lane {
  readonly name: string;
  readonly stretches: readonly Stretch[];
}

const AXIS_PIXELS = 22;
const LEGEND_PIXELS = 26;
const NAME_PIXELS_MAX = 240;
const CHARACTER_PIXELS = 6.7;

export function StateTimelinePanel({ panel, theme, width, height }: VisualProps): JSX.Element {
  const options = panel.options as TimelineOptions;
  const [fromMs, toMs] = [panel.range.from.valueOf(), panel.range.to.valueOf()];
  const lanes = panel.frames.flatMap((frame) => lanesOf(frame, panel.frames, toMs));
  const states = [...new Map(lanes.flatMap(({ stretches }) => stretches).map((one) => [one.text, one.color]))];
  const hasLegend = options.legend?.showLegend !== false && states.length > 0;
  const left = Math.min(NAME_PIXELS_MAX, 12 + CHARACTER_PIXELS * Math.max(1, ...lanes.map(({ name }) => name.length)));
  const [plotWidth, plotHeight] = [width - left - 8, height - AXIS_PIXELS - (hasLegend ? LEGEND_PIXELS : 0)];
  const laneHeight = plotHeight / Math.max(1, lanes.length);
  const barHeight = laneHeight * (options.rowHeight ?? 0.9);
  const xOf = (timeMs: number): number =>
    left + ((Math.max(fromMs, Math.min(toMs, timeMs)) - fromMs) / (toMs - fromMs)) * plotWidth;
  return (
    <svg width={width} height={height} style={{ display: 'block' }}>
      {timesOf(fromMs, toMs, plotWidth / 90).map(({ timeMs, text }) => (
        <g key={timeMs}>
          <line x1={xOf(timeMs)} x2={xOf(timeMs)} y1={0} y2={plotHeight} stroke={theme.colors.border.weak} />
          <text fill={theme.colors.text.primary} fontSize={12} x={xOf(timeMs)} y={plotHeight + 17} textAnchor="middle">
            {text}
          </text>
        </g>
      ))}
      {lanes.map(({ name, stretches }, index) => {
        const y = index * laneHeight + (laneHeight - barHeight) / 2;
        return (
          <g key={`${name} ${index}`}>
            <text
              fill={theme.colors.text.primary}
              fontSize={12}
              x={left - 8}
              y={y + barHeight / 2 + 4}
              textAnchor="end"
            >
              {shortened(name)}
            </text>
            {stretches.map((one) => (
              <Bar
                key={one.fromMs}
                {...{ theme, y, barHeight, hasText: options.showValue !== 'never' }}
                stretch={one}
                x={xOf(one.fromMs)}
                end={xOf(one.toMs)}
              />
            ))}
          </g>
        );
      })}
      {hasLegend ? <Legend {...{ states, theme, y: height - 8 }} /> : null}
    </svg>
  );
}

interface BarProps {
  readonly stretch: Stretch;
  readonly theme: GrafanaTheme2;
  readonly x: number;
  readonly end: number;
  readonly y: number;
  readonly barHeight: number;
  readonly hasText: boolean;
}

function Bar({ stretch, theme, x, end, y, barHeight, hasText }: BarProps): JSX.Element {
  const width = Math.max(1, end - x);
  const isFitting = hasText && width > stretch.text.length * CHARACTER_PIXELS + 8 && barHeight > 13;
  return (
    <g>
      <rect x={x} y={y} width={width} height={barHeight} fill={stretch.color} fillOpacity={0.75} />
      {isFitting ? (
        <text x={x + 4} y={y + barHeight / 2 + 4} fontSize={12} fill={theme.colors.getContrastText(stretch.color)}>
          {stretch.text}
        </text>
      ) : null}
    </g>
  );
}

function Legend({
  states,
  theme,
  y,
}: {
  readonly states: readonly (readonly [string, string])[];
  readonly theme: GrafanaTheme2;
  readonly y: number;
}): JSX.Element {
  let x = 8;
  return (
    <g>
      {states.slice(0, 12).map(([text, color]) => {
        const at = x;
        x += 34 + text.length * CHARACTER_PIXELS;
        return (
          <g key={text}>
            <rect x={at} y={y - 6} width={14} height={4} rx={2} fill={color} />
            <text x={at + 20} y={y} fontSize={12} fill={theme.colors.text.primary}>
              {text}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function lanesOf(frame: DataFrame, frames: DataFrame[], endMs: number): readonly Lane[] {
  const times = frame.fields.filter(({ type }) => type === FieldType.time);
  const [time] = times;
  if (time === undefined) return [];
  return frame.fields
    .filter(({ type }) => type !== FieldType.time)
    .map((field) => ({
      name: getFieldDisplayName(field, frame, frames),
      stretches: stretchesOf(field, time.values as number[], endMs),
    }));
}

/** A state lasts until the next; nothing known is a gap, and equal neighbors are one. */
function stretchesOf(field: Field, times: readonly number[], endMs: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let isOpen = false;
  for (const [index, fromMs] of times.entries()) {
    const value: unknown = field.values[index];
    if (value === undefined) continue;
    if (value === null || value === '') {
      isOpen = false;
      continue;
    }
    const shown = field.display?.(value);
    const text = shown === undefined ? cellText(value) : formattedValueToString(shown);
    const toMs = times[index + 1] ?? endMs;
    const last = stretches.at(-1);
    if (isOpen && last?.text === text && last.toMs === fromMs) stretches[stretches.length - 1] = { ...last, toMs };
    else stretches.push({ fromMs, toMs, text, color: shown?.color ?? '#808080' });
    isOpen = true;
  }
  return stretches;
}

function shortened(name: string): string {
  const most = Math.floor(NAME_PIXELS_MAX / CHARACTER_PIXELS) - 2;
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
