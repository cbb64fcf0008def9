// From what queries answered to what panels draw, as Grafana's dashboard does it: transformations, then units, colors, links and overrides.

import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  type DataFrame,
  dateTime,
  FieldColorModeId,
  FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
  locationUtil,
  standardTransformers,
  standardTransformersRegistry,
  type TimeRange,
  toDataFrame,
  transformDataFrame,
} from '@grafana/data';
import { firstValueFrom } from 'rxjs';
import { interpolate } from '../../../src/query/interpolate.ts';
import { cellText } from '../collect/cell-text.ts';
import type { ChosenVariable, Collected, CollectedPanel } from '../collect/dashboard.ts';

export interface PreparedPanel {
  readonly collected: CollectedPanel;
  readonly title: string;
  readonly description: string;
  readonly frames: DataFrame[];
  readonly fieldConfig: FieldConfigSource;
  readonly options: Readonly<Record<string, unknown>>;
  readonly replace: InterpolateFunction;
  readonly range: TimeRange;
}

/** What panels have where a dashboard says nothing: `defaultGraphConfig` and its kin of Grafana's panel plugins. */
const CUSTOM_DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  timeseries: {
    drawStyle: 'line',
    lineInterpolation: 'linear',
    lineWidth: 1,
    fillOpacity: 0,
    gradientMode: 'none',
    barAlignment: 0,
    barWidthFactor: 0.6,
    stacking: { mode: 'none', group: 'A' },
    axisGridShow: true,
    axisCenteredZero: false,
    axisBorderShow: false,
    axisColorMode: 'text',
    axisPlacement: 'auto',
    axisLabel: '',
    pointSize: 5,
    showPoints: 'auto',
    spanNulls: false,
    insertNulls: false,
    hideFrom: { legend: false, tooltip: false, viz: false },
    thresholdsStyle: { mode: 'off' },
    scaleDistribution: { type: 'linear' },
  },
  table: { align: 'auto', cellOptions: { type: 'auto' }, inspect: false, footer: { reducers: [] } },
};

export function setUpTransformations(): void {
  // Some are there under two names.
  const unique = [...new Map(Object.values(standardTransformers).map((one) => [one.id, one])).values()];
  standardTransformersRegistry.setInit(() =>
    unique.map((transformation) => ({
      id: transformation.id,
      name: transformation.name,
      description: transformation.description ?? '',
      transformation: () => Promise.resolve(transformation),
      editor: () => null,
      imageDark: '',
      imageLight: '',
    })),
  );
}

export function setUpLinks({ fromMs, toMs }: Collected): void {
  locationUtil.initialize({
    config: { appSubUrl: '' } as Parameters<typeof locationUtil.initialize>[0]['config'],
    getVariablesUrlParams: () => ({}),
    getTimeRangeForUrl: () => ({ from: String(fromMs), to: String(toMs) }),
  });
}

export async function preparePanel(
  collected: CollectedPanel,
  of: Collected,
  theme: GrafanaTheme2,
): Promise<PreparedPanel> {
  const { panel, variables } = collected;
  const replace = replacer(variables, of);
  const range = rangeOf(of);
  const frames = collected.frames.map((frame) => toDataFrame(frame));
  const active = (panel.transformations ?? []).filter(({ disabled }) => disabled !== true);
  const unknown = active.filter(({ id }) => standardTransformersRegistry.getIfExists(id) === undefined);
  if (unknown.length > 0)
    throw new Error(`a transformation that is not known here: ${unknown.map(({ id }) => id).join(', ')}`);
  const configs = active.map(({ id, options }) => ({ id, options: options ?? {} }));
  const transformed = await firstValueFrom(transformDataFrame(configs, frames, { interpolate: replace }));
  const fieldConfig = fieldConfigOf(collected);
  const overridden = applyFieldOverrides({
    data: transformed,
    fieldConfig,
    replaceVariables: replace,
    theme,
    timeZone: of.dashboard.timezone ?? 'utc',
    fieldConfigRegistry: registryOf(fieldConfig),
  });
  cacheFieldDisplayNames(overridden);
  const drawn = panel.type === 'histogram' ? await counted(overridden, panel.options ?? {}, replace) : overridden;
  return {
    collected,
    title: replace(panel.title ?? ''),
    description: replace(panel.description ?? ''),
    frames: drawn,
    fieldConfig,
    options: panel.options ?? {},
    replace,
    range,
  };
}

/** What the panel does itself, by the same transformation. */
function counted(
  frames: DataFrame[],
  options: Readonly<Record<string, unknown>>,
  replace: InterpolateFunction,
): Promise<DataFrame[]> {
  const { bucketCount = 30, bucketSize, bucketOffset, combine } = options;
  const histogram = { id: 'histogram', options: { bucketCount, bucketSize, bucketOffset, combine } };
  return firstValueFrom(transformDataFrame([histogram], frames, { interpolate: replace }));
}

export function rangeOf({ dashboard, fromMs, toMs }: Collected): TimeRange {
  return { from: dateTime(fromMs), to: dateTime(toMs), raw: dashboard.time };
}

function fieldConfigOf({ panel }: CollectedPanel): FieldConfigSource {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  const custom = { ...CUSTOM_DEFAULTS[panel.type], ...(defaults['custom'] as object | undefined) };
  const mode =
    panel.type === 'timeseries' || panel.type === 'barchart'
      ? FieldColorModeId.PaletteClassic
      : FieldColorModeId.Thresholds;
  const thresholds = {
    mode: 'absolute',
    steps: [
      { value: -Infinity, color: 'green' },
      { value: 80, color: 'red' },
    ],
  };
  const filled = { color: { mode }, thresholds, ...defaults, custom } as FieldConfigSource['defaults'];
  return { defaults: withInfinity(filled), overrides: overrides.map(infinite) as FieldConfigSource['overrides'] };
}

/** JSON has no infinity: the first step of thresholds is null there. */
function withInfinity<Config extends { readonly thresholds?: unknown }>(config: Config): Config {
  return { ...config, thresholds: stepped(config.thresholds) };
}

function infinite(override: unknown): unknown {
  const { matcher, properties } = override as {
    readonly matcher: unknown;
    readonly properties: readonly { id: string; value: unknown }[];
  };
  return {
    matcher,
    properties: properties.map(({ id, value }) =>
      id === 'custom.hidden' ? hidden(value) : { id, value: id === 'thresholds' ? stepped(value) : value },
    ),
  };
}

/** The table's own migration: columns were hidden by another property once. */
function hidden(value: unknown): { readonly id: string; readonly value: unknown } {
  return { id: 'custom.hideFrom', value: { viz: value === true, legend: false, tooltip: false } };
}

function stepped(thresholds: unknown): unknown {
  const { steps = [], ...rest } = thresholds as { readonly steps?: readonly { value: number | null; color: string }[] };
  return { ...rest, steps: steps.map(({ value, color }) => ({ value: value ?? -Infinity, color })) };
}

const STANDARD = [
  'unit',
  'decimals',
  'min',
  'max',
  'thresholds',
  'color',
  'mappings',
  'links',
  'noValue',
  'displayName',
  'description',
  'filterable',
  'fieldMinMax',
  'actions',
];

/** `getAllOptionEditors` of Grafana's core, without the editors: all options that this panel sets. */
function registryOf({ defaults, overrides }: FieldConfigSource): FieldConfigOptionsRegistry {
  const named = [
    ...Object.keys(defaults.custom ?? {}),
    ...overrides.flatMap(({ properties }) => properties.flatMap(({ id }) => customPath(id))),
  ];
  const custom = [...new Set(named)].map((path) => item(`custom.${path}`, path, true));
  return new FieldConfigOptionsRegistry(() => [...STANDARD.map((id) => item(id, id, false)), ...custom]);
}

function customPath(id: string): readonly string[] {
  return id.startsWith('custom.') ? [id.slice('custom.'.length)] : [];
}

function item(id: string, path: string, isCustom: boolean): FieldConfigPropertyItem {
  return {
    id,
    path,
    name: id,
    isCustom,
    settings: {},
    editor: nothing,
    override: nothing,
    process: (value: unknown) => value,
    shouldApply: () => true,
  };
}

function nothing(): null {
  return null;
}

/** Variables of the dashboard, and of the field or value that `scoped` has. */
function replacer(
  variables: Readonly<Record<string, ChosenVariable>>,
  { fromMs, toMs }: Collected,
): InterpolateFunction {
  return (text, scoped) => {
    const own = Object.entries(scoped ?? {}).map(([name, variable]) => [name, variable?.value] as const);
    const filled = text
      .replaceAll('${__url_time_range}', `from=${fromMs}&to=${toMs}`)
      .replaceAll(
        /\$\{(__[a-z]+)((?:\.[^}:]+)?)(?::(\w+))?\}/g,
        (match, name: string, path: string, format?: string) => {
          const found = own.find(([known]) => known === name);
          if (found === undefined) return match;
          const value = valueAt(found[1], path);
          return format === 'percentencode' ? encodeURIComponent(value) : value;
        },
      );
    return interpolate(filled, variables, (_, variable) => (variable as ChosenVariable).text);
  };
}

/** `.labels.workflow` or `.labels["workflow"]` of an object. */
function valueAt(value: unknown, path: string): string {
  const keys = [...path.matchAll(/\.([^.[]+)|\["?([^"\]]+)"?\]/g)].map(
    ([, plain, bracketed]) => plain ?? bracketed ?? '',
  );
  const found = keys.reduce<unknown>((object, key) => (object as Record<string, unknown> | undefined)?.[key], value);
  return cellText(found);
}
