// Ways from one dashboard to the next: the time range goes along, and so does what was clicked on.

import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';

export const Uid = {
  OVERVIEW: 'turnmeter-overview',
  WORKFLOW: 'turnmeter-workflow',
  SESSION: 'turnmeter-session',
  AGENTS: 'turnmeter-agents',
  BUDGETS: 'turnmeter-budgets',
  TENANTS: 'turnmeter-tenants',
  PIPELINE: 'turnmeter-pipeline',
} as const;
export type Uid = (typeof Uid)[keyof typeof Uid];

export interface Drill {
  /** What one reads before clicking: `Open the session`. */
  readonly title: string;
  readonly to: Uid;
  /** Variables there, by name, as {@link clicked}, {@link inRow} and {@link kept} have them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Columns of the row with the times, in ms, between which there is something to see. @default the time range of this dashboard */
  readonly between?: { readonly from: string; readonly to: string };
}

/** The value that was clicked on. */
export const clicked = '${__value.raw:percentencode}';

/** Another column of the same row. */
export function inRow(column: string): string {
  return `\${__data.fields["${column}"]:percentencode}`;
}

/** A label of the line that was clicked on. */
export function onLine(label: string): string {
  return `\${__field.labels.${label}:percentencode}`;
}

/** A variable of this dashboard, which has one value. */
export function kept(variable: string): string {
  return `\${${variable}:percentencode}`;
}

export function drillUrl({ to, variables, between }: Drill): string {
  const range = between === undefined ? '${__url_time_range}' : `from=${inRow(between.from)}&to=${inRow(between.to)}`;
  const pairs = Object.entries(variables).map(([name, value]) => `&var-${name}=${value}`);
  return `/d/${to}?${range}${pairs.join('')}`;
}

export function drillLink(drill: Drill): DashboardLinkBuilder {
  return new DashboardLinkBuilder(drill.title).url(drillUrl(drill)).targetBlank(false);
}
