// Bars by name or by range of values: a distribution that the database has already counted.

import {
  LegendDisplayMode,
  LegendPlacement,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
  SortOrder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/barchart';
import type { Color } from '../style.ts';
import { colorByName, fixedColor, framed, overrideOf, type ValuePanelOptions } from './panel.ts';

export interface BarChartOptions extends ValuePanelOptions {
  /** Column whose texts stand below the bars. */
  readonly by: string;
  /** All bars in one color, or one for each column. */
  readonly color?: Color;
  readonly colors?: Readonly<Record<string, Color>>;
  /** Whether columns stand on one another. @default false */
  readonly isStacked?: boolean;
  /** @default vertical */
  readonly isHorizontal?: boolean;
}

export function barChart(options: BarChartOptions): PanelBuilder {
  const { by, color, colors = {}, isStacked = false, isHorizontal = false } = options;
  const builder = framed(new PanelBuilder(), options)
    .xField(by)
    .min(0)
    .orientation(isHorizontal ? VizOrientation.Horizontal : VizOrientation.Vertical)
    .colorScheme(color === undefined ? colorByName() : fixedColor(color))
    .stacking(isStacked ? StackingMode.Normal : StackingMode.None)
    .showValue(VisibilityMode.Never)
    .barWidth(0.92)
    .groupWidth(0.8)
    .fillOpacity(80)
    .lineWidth(0)
    .xTickLabelSpacing(80)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(Object.keys(colors).length > 1)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None));
  for (const [name, one] of Object.entries(colors)) {
    builder.withOverride(overrideOf(name, [{ id: 'color', value: { mode: 'fixed', fixedColor: one } }]));
  }
  return builder;
}
