// What dashboards need so that Grafana, links and people can use them.

import { type DashboardJson, type PanelJson, panelsOf } from '../dashboard-files.ts';
import { type Problem, problem } from './problem.ts';

/** Kinds of panels that show numbers, all of one unit. */
const OF_ONE_UNIT = new Set([
  'stat',
  'timeseries',
  'bargauge',
  'gauge',
  'barchart',
  'histogram',
  'heatmap',
  'statetimeline',
]);
const SOURCES = new Set(['${prometheus}', '${clickhouse}', '-- Mixed --']);
const GRID_COLUMNS = 24;

export function structureProblems(dashboard: DashboardJson): readonly Problem[] {
  return [
    ...headProblems(dashboard),
    ...idProblems(dashboard),
    ...panelsOf(dashboard).flatMap(panelProblems),
    ...gridProblems(dashboard.panels),
  ];
}

function headProblems({ uid, editable, tags }: DashboardJson): readonly Problem[] {
  return [
    ...(/^turnmeter-[a-z-]{1,30}$/.test(uid) ? [] : [problem('uid', 'dashboard', uid)]),
    ...(editable === false ? [] : [problem('uneditable', 'dashboard', `${editable}`)]),
    ...(tags.includes('turnmeter') ? [] : [problem('tag', 'dashboard', tags.join(', '))]),
  ];
}

function idProblems(dashboard: DashboardJson): readonly Problem[] {
  const all = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const ids = all.map(({ id }) => id);
  return all
    .filter(({ id }, at) => id === undefined || ids.indexOf(id) !== at)
    .map(({ title, id }) => problem('panel-id', title, `${id}`));
}

function panelProblems(panel: PanelJson): readonly Problem[] {
  const { title, description = '', type, targets = [], datasource, fieldConfig } = panel;
  const found: Problem[] = [];
  if ((title ?? '') === '') found.push(problem('title', title, `panel ${panel.id}`));
  if (!/[.:!?]$/.test(description) || description.length < 30) found.push(problem('description', title, description));
  if (type !== 'text' && targets.length === 0) found.push(problem('no-targets', title, type));
  if (OF_ONE_UNIT.has(type) && typeof fieldConfig?.defaults['unit'] !== 'string')
    found.push(problem('unit', title, type));
  const refs = targets.map(({ refId }) => refId ?? '');
  if (refs.includes('') || new Set(refs).size !== refs.length) found.push(problem('ref-id', title, refs.join(', ')));
  for (const source of targets.length === 0 ? [] : [datasource, ...targets.map((target) => target.datasource)]) {
    if (!SOURCES.has(source?.uid ?? '')) found.push(problem('data-source', title, `${source?.uid}`));
  }
  return found;
}

function gridProblems(panels: readonly PanelJson[]): readonly Problem[] {
  return panels.flatMap((panel, at) => {
    const { gridPos: own, title } = panel;
    if (own === undefined || own.x + own.w > GRID_COLUMNS) return [problem('grid', title, JSON.stringify(own))];
    const other = panels.slice(at + 1).find(({ gridPos }) => gridPos !== undefined && isOverlap(own, gridPos));
    return other === undefined ? [] : [problem('overlap', title, `${other.title}`)];
  });
}

type Place = NonNullable<PanelJson['gridPos']>;

function isOverlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
