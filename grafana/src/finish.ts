// What the Foundation SDK (0.0.21) leaves out of a dashboard, and Grafana, its links and its linters need.

import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { MIXED } from './data-source.ts';

/**
 * Panels get ids, queries get names and panels the source of their queries, in the order in which they stand. What is only for variables of
 * intervals leaves other variables, and links leave the menu that they are put into unasked.
 */
export function finish(dashboard: Dashboard): Dashboard {
  const { panels = [], links = [], templating } = dashboard;
  return {
    ...dashboard,
    templating: {
      list: (templating.list ?? []).map((variable) => without(variable, ['auto', 'auto_min', 'auto_count'])),
    },
    links: links.map((link) => without(link, ['placement'])),
    panels: panels.map((panel, index) => finishPanel(panel, index + 1)),
  };
}

function without<Of extends object, Key extends keyof Of & string>(object: Of, keys: readonly Key[]): Omit<Of, Key> {
  const names: readonly string[] = keys;
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as Omit<Of, Key>;
}

type AnyPanel = Panel | RowPanel;

function finishPanel(panel: AnyPanel, id: number): AnyPanel {
  if (!isPanel(panel)) return { ...panel, id };
  const targets = panel.targets?.map((target, index) => ({
    refId: String.fromCodePoint(FIRST_REF + index),
    ...target,
  }));
  const source = targets === undefined || targets.length === 0 ? {} : { targets, datasource: sourceOf(targets) };
  return { ...panel, id, ...source };
}

const FIRST_REF = 'A'.codePointAt(0) ?? 0;

function isPanel(panel: AnyPanel): panel is Panel {
  return panel.type !== 'row';
}

function sourceOf(targets: readonly Dataquery[]): DataSourceRef {
  const [first, ...rest] = targets.map((target) => (target as { readonly datasource?: DataSourceRef }).datasource);
  const isOne = rest.every((source) => source?.uid === first?.uid);
  return isOne && first !== undefined ? first : MIXED;
}
