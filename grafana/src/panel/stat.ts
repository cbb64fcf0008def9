// One number, large.

import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  PercentChangeColorMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { Color, type Step } from '../style.ts';
import { fixedColor, framed, thresholdColor, thresholds, type ValuePanelOptions } from './panel.ts';

export interface StatOptions extends Omit<ValuePanelOptions, 'width' | 'height'> {
  /** @default a sixth of the dashboard */
  readonly width?: number;
  /** @default 4 */
  readonly height?: number;
  /** What is good and what is not; without it the number has one color. */
  readonly steps?: readonly Step[];
  /** @default plain text */
  readonly color?: Color;
  /** Whether the number's background has the color: for the one that matters most. @default false */
  readonly isLoud?: boolean;
  /** Whether the way there is drawn behind it; the query has to be one over time. @default false */
  readonly hasSpark?: boolean;
  /** Texts instead of numbers. */
  readonly mappings?: readonly ValueMapping[];
  /** Which column of a row is shown, where there are several or it is text: a name or `/a pattern/`. */
  readonly field?: string;
}

export function stat(options: StatOptions): PanelBuilder {
  const { steps, color = Color.PLAIN, isLoud = false, hasSpark = false, mappings = [], field = '' } = options;
  const builder = framed(new PanelBuilder(), { width: 4, height: 4, ...options })
    .colorMode(isLoud ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(hasSpark ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .textMode(BigValueTextMode.Value)
    .percentChangeColorMode(PercentChangeColorMode.Standard)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields(field).values(false))
    .mappings([...mappings]);
  return steps === undefined
    ? builder.colorScheme(fixedColor(color)).thresholds(thresholds([{ from: null, color }]))
    : builder.colorScheme(thresholdColor()).thresholds(thresholds(steps));
}
