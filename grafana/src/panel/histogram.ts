// How values are distributed, counted in the browser: the query gives one row for each.

import { LegendDisplayMode, LegendPlacement, VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/histogram';
import type { Color } from '../style.ts';
import { fixedColor, framed, type ValuePanelOptions } from './panel.ts';

export interface HistogramOptions extends ValuePanelOptions {
  readonly color: Color;
  /** @default 30 */
  readonly bucketCount?: number;
}

export function histogram(options: HistogramOptions): PanelBuilder {
  const { color, bucketCount = 30 } = options;
  return framed(new PanelBuilder(), options)
    .bucketCount(bucketCount)
    .colorScheme(fixedColor(color))
    .fillOpacity(80)
    .lineWidth(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(false)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    );
}
