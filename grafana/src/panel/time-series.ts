// Lines or bars over time.

import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { Color, type Step } from '../style.ts';
import {
  colorByName,
  colorInOrder,
  fixedColor,
  framed,
  overrideOf,
  thresholds,
  type ValuePanelOptions,
} from './panel.ts';

export interface TimeSeriesOptions extends ValuePanelOptions {
  /** Lines in this color; else each has its own, by its name, or in order where they stand on one another. */
  readonly color?: Color;
  /** Whether lines have colors in order, of which no two are alike: those by name may be. @default where they stand on one another */
  readonly isColoredInOrder?: boolean;
  /** Lines of known names, and their colors. */
  readonly colors?: Readonly<Record<string, Color>>;
  /** Lines that say what is expected: dashed and gray. */
  readonly expected?: readonly string[];
  /** Lines that are limits: dashed, in these colors. */
  readonly limits?: Readonly<Record<string, Color>>;
  /** Lines to compare others with: thin, and behind them. */
  readonly faint?: readonly string[];
  /** Amounts that add up stand on one another. @default false */
  readonly isStacked?: boolean;
  /** Amounts of steps of time, rather than values at times. @default false */
  readonly isBars?: boolean;
  /** Values that hold until the next one. @default false */
  readonly isStepped?: boolean;
  /** Single points rather than lines. @default false */
  readonly isPoints?: boolean;
  /** Lines at values: from there on it is worse. */
  readonly steps?: readonly Step[];
  /** @default 0 */
  readonly min?: number;
  readonly max?: number;
  /** Figures of each line in the legend: `lastNotNull`, `mean`, `max`, `sum`. @default none */
  readonly calcs?: readonly string[];
  /** @default below; beside is for many lines */
  readonly legend?: 'below' | 'beside' | 'none';
  /** Whether lines go on where there is nothing. @default false */
  readonly spansGaps?: boolean;
}

const DASHED = [
  { id: 'custom.drawStyle', value: 'line' },
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
  { id: 'custom.lineWidth', value: 2 },
  { id: 'custom.fillOpacity', value: 0 },
  { id: 'custom.showPoints', value: 'never' },
  { id: 'custom.stacking', value: { mode: 'none', group: 'A' } },
];

const BAR_PIXELS_MAX = 40;

const FAINT = [
  { id: 'custom.lineWidth', value: 1 },
  { id: 'custom.fillOpacity', value: 0 },
];

export function timeSeries(options: TimeSeriesOptions): PanelBuilder {
  const {
    color,
    isColoredInOrder = options.isStacked ?? false,
    colors = {},
    expected = [],
    limits = {},
    faint = [],
    steps,
    min = 0,
    max,
    spansGaps = false,
  } = options;
  const builder = framed(new PanelBuilder(), options)
    .min(min)
    .colorScheme(color === undefined ? (isColoredInOrder ? colorInOrder() : colorByName()) : fixedColor(color))
    .spanNulls(spansGaps)
    .axisBorderShow(false)
    .legend(legendOf(options))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (max !== undefined) builder.max(max);
  drawn(builder, options);
  for (const [name, one] of Object.entries(colors)) builder.withOverride(overrideOf(name, [colored(one)]));
  const dashed = { ...Object.fromEntries(expected.map((name) => [name, Color.EXPECTED])), ...limits };
  for (const [name, one] of Object.entries(dashed)) builder.withOverride(overrideOf(name, [colored(one), ...DASHED]));
  for (const name of faint) builder.withOverride(overrideOf(name, FAINT));
  return steps === undefined ? builder : withLines(builder, steps);
}

function colored(color: Color): { id: string; value: object } {
  return { id: 'color', value: { mode: 'fixed', fixedColor: color } };
}

function drawn(builder: PanelBuilder, options: TimeSeriesOptions): void {
  const { isStacked = false, isBars = false, isStepped = false, isPoints = false } = options;
  const stacking = new StackingConfigBuilder().mode(isStacked ? StackingMode.Normal : StackingMode.None).group('A');
  builder
    .drawStyle(isBars ? GraphDrawStyle.Bars : isPoints ? GraphDrawStyle.Points : GraphDrawStyle.Line)
    .lineInterpolation(isStepped ? LineInterpolation.StepAfter : LineInterpolation.Linear)
    .lineWidth(isBars ? 0 : 2)
    // Else few bars are as wide as they are far apart.
    .barMaxWidth(BAR_PIXELS_MAX)
    .fillOpacity(isBars ? 80 : isStacked ? 40 : 8)
    .showPoints(isPoints ? VisibilityMode.Always : VisibilityMode.Auto)
    .pointSize(isPoints ? 5 : 4)
    .stacking(stacking);
}

function withLines(builder: PanelBuilder, steps: readonly Step[]): PanelBuilder {
  // Below the first of them there is nothing to tell.
  const lines = steps.map((step): { from: number | null; color: string } =>
    step.from === null ? { from: null, color: 'transparent' } : step,
  );
  return builder
    .thresholds(thresholds(lines as readonly Step[]))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

function legendOf({ legend = 'below', calcs = [] }: TimeSeriesOptions): VizLegendOptionsBuilder {
  const isTable = legend === 'beside' || calcs.length > 0;
  return new VizLegendOptionsBuilder()
    .showLegend(legend !== 'none')
    .displayMode(isTable ? LegendDisplayMode.Table : LegendDisplayMode.List)
    .placement(legend === 'beside' ? LegendPlacement.Right : LegendPlacement.Bottom)
    .calcs([...calcs]);
}
