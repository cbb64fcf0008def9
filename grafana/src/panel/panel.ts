// What all panels have. A title is a question or a claim, and the description says what is shown and what to do about it.

import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type DynamicConfigValue,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type Drill, drillLink } from '../link.ts';
import { withRunbookLinks } from '../runbook.ts';
import type { Step, Unit } from '../style.ts';

export type Query = Builder<Dataquery>;

export interface PanelOptions {
  readonly title: string;
  readonly description: string;
  readonly queries: readonly Query[];
  /** Of 24 columns. */
  readonly width: number;
  /** In lines of Grafana's grid, 30 pixels each. */
  readonly height: number;
  /** Where a click on a value leads. */
  readonly drills?: readonly Drill[];
  /** What stands there instead of values when there are none. */
  readonly noValue?: string;
}

/** Panels whose values are all of one unit. */
export interface ValuePanelOptions extends PanelOptions {
  readonly unit: Unit;
  /** @default as many as the unit shows */
  readonly decimals?: number;
}

/** The setters that builders of all kinds of panels have in common. */
interface PanelBuilder {
  title(title: string): this;
  description(description: string): this;
  targets(targets: Query[]): this;
  span(columns: number): this;
  height(lines: number): this;
  dataLinks(links: ReturnType<typeof drillLink>[]): this;
  noValue(text: string): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
}

/** Sets what all panels have. */
export function framed<Of extends PanelBuilder>(builder: Of, options: PanelOptions & Partial<ValuePanelOptions>): Of {
  const { title, description, queries, width, height, drills = [], noValue, unit, decimals } = options;
  builder
    .title(title)
    .description(withRunbookLinks(description))
    .targets([...queries])
    .span(width)
    .height(height);
  if (drills.length > 0) builder.dataLinks(drills.map(drillLink));
  if (noValue !== undefined) builder.noValue(noValue);
  if (unit !== undefined) builder.unit(unit);
  if (decimals !== undefined) builder.decimals(decimals);
  return builder;
}

export function thresholds(steps: readonly Step[]): ThresholdsConfigBuilder {
  // The first has none, which the SDK's type does not know.
  const all = steps.map(({ from, color }) => ({ value: from, color })) as Threshold[];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(all);
}

export function fixedColor(color: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color);
}

export function thresholdColor(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
}

/** The same name has the same color on every panel. */
export function colorByName(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName);
}

/** Neighbors have colors that can be told apart: for amounts that stand on one another. */
export function colorInOrder(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic);
}

export interface FieldOverride {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: DynamicConfigValue[];
}

export function overrideOf(name: string, properties: readonly DynamicConfigValue[]): FieldOverride {
  return { matcher: { id: 'byName', options: name }, properties: [...properties] };
}
