// What was when: a lane for each name, colored by state.

import {
  LegendDisplayMode,
  LegendPlacement,
  TimelineValueAlignment,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
  SortOrder,
} from '@grafana/grafana-foundation-sdk/common';
import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { Step } from '../style.ts';
import { colorByName, framed, thresholdColor, thresholds, type ValuePanelOptions } from './panel.ts';

export interface StateTimelineOptions extends ValuePanelOptions {
  /** Colors of numbers; states that are text have a color each. */
  readonly steps?: readonly Step[];
  readonly mappings?: readonly ValueMapping[];
  /** Whether the states are written into the lanes. @default true */
  readonly hasText?: boolean;
  /** Whether the states are listed below. @default true */
  readonly hasLegend?: boolean;
}

export function stateTimeline(options: StateTimelineOptions): PanelBuilder {
  const { steps, mappings = [], hasText = true, hasLegend = true } = options;
  const builder = framed(new PanelBuilder(), options)
    .mappings([...mappings])
    .showValue(hasText ? VisibilityMode.Auto : VisibilityMode.Never)
    .alignValue(TimelineValueAlignment.Left)
    .mergeValues(true)
    .rowHeight(0.85)
    .fillOpacity(75)
    .lineWidth(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(hasLegend)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None));
  return steps === undefined
    ? builder.colorScheme(colorByName())
    : builder.colorScheme(thresholdColor()).thresholds(thresholds(steps));
}
