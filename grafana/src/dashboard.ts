// A dashboard in house style: titled rows, which Grafana can fold, of panels that are laid out from left to right.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { finish } from './finish.ts';
import type { Uid } from './link.ts';

export interface DashboardOptions {
  readonly uid: Uid;
  /** What follows `Turnmeter / `. */
  readonly title: string;
  /** Which question it answers, and for whom. */
  readonly description: string;
  /** Whether it looks at several tenants, so that tenants may not have it. */
  readonly isForOperators: boolean;
  readonly variables: readonly Builder<VariableModel>[];
  readonly rows: readonly Row[];
  readonly annotations?: readonly Builder<AnnotationQuery>[];
  /** Begin of the time range that it opens with. @default now-24h */
  readonly from?: string;
  /** How often it is read again while somebody looks. @default 1m */
  readonly refresh?: string;
}

export interface Row {
  /** Undefined for what stands at the top. */
  readonly title?: string;
  readonly panels: readonly Builder<Panel>[];
}

/** All dashboards have it: the menu of dashboards lists them by it. */
const TAG = 'turnmeter';

export function dashboard(options: DashboardOptions): Dashboard {
  const {
    uid,
    title,
    description,
    isForOperators,
    variables,
    rows,
    annotations = [],
    from = 'now-24h',
    refresh = '1m',
  } = options;
  const builder = new DashboardBuilder(`Turnmeter / ${title}`)
    .uid(uid)
    .description(description)
    .tags([TAG, isForOperators ? 'operator' : 'tenant'])
    .readonly()
    .time({ from, to: 'now' })
    .timezone('utc')
    .refresh(refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .link(dashboardMenu())
    .variables([...variables])
    .annotations([...annotations]);
  for (const row of rows) {
    if (row.title !== undefined) builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  return finish(builder.build());
}

/** The other dashboards, with the time range and what was chosen. */
function dashboardMenu(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Turnmeter')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}
