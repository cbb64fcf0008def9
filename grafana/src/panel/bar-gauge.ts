// One bar for each name: who has most, and who is over the line.

import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Color, Step } from '../style.ts';
import { fixedColor, framed, thresholdColor, thresholds, type ValuePanelOptions } from './panel.ts';

interface Bars extends ValuePanelOptions {
  /** Where bars are full. @default the largest value */
  readonly max?: number;
  /** Whether each row of the query is a bar, called as its column of text says, rather than each line. @default false */
  readonly isByRow?: boolean;
  /** How many rows are shown. @default 10 */
  readonly limit?: number;
}

export type BarGaugeOptions = Bars & ({ readonly steps: readonly Step[] } | { readonly color: Color });

const LIMIT = 10;

export function barGauge(options: BarGaugeOptions): PanelBuilder {
  const { max, isByRow = false, limit = LIMIT } = options;
  const reduced = new ReduceDataOptionsBuilder().values(isByRow).calcs(['lastNotNull']).fields('');
  if (isByRow) reduced.limit(limit);
  const builder = framed(new PanelBuilder(), options)
    .min(0)
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .namePlacement(BarGaugeNamePlacement.Left)
    .sizing(BarGaugeSizing.Auto)
    .showUnfilled(true)
    .reduceOptions(reduced);
  if (max !== undefined) builder.max(max);
  return 'steps' in options
    ? builder.colorScheme(thresholdColor()).thresholds(thresholds(options.steps))
    : builder.colorScheme(fixedColor(options.color));
}
