// How a distribution changes over time, from the buckets of a histogram.

import { HeatmapCellLayout, TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapTooltipBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { framed, type ValuePanelOptions } from './panel.ts';

/** Colors of the scheme; the SDK begins with none. */
const STEPS = 64;

/** Lines are buckets, called by their upper bounds; `unit` is that of the bounds. */
export function heatmap(options: ValuePanelOptions): PanelBuilder {
  return framed(new PanelBuilder(), options)
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Le))
    .yAxis(new YAxisConfigBuilder().unit(options.unit))
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme('Blues')
        .steps(STEPS)
        .exponent(0.5)
        .fill('blue')
        .reverse(false),
    )
    .cellGap(1)
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true).showColorScale(true));
}
