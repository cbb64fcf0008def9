// In: a dashboard's JSON and two engines. Out: what each of its panels was answered, with variables chosen. What fails is kept with its panel.

import { expandPromql, expandSql, SCRAPE_MS } from '../../../src/query/expand.ts';
import { askClickHouse } from './clickhouse.ts';
import type {
  ChosenVariable,
  Collected,
  CollectedPanel,
  DashboardJson,
  FrameData,
  PanelJson,
  TargetJson,
} from './dashboard.ts';
import { askPrometheus } from './prometheus.ts';
import { durationOf, intervalOf, momentOf } from './time-range.ts';
import { chooseVariables, isAll, type Wishes } from './variables.ts';
import type { Engines, TimeSpan } from './variable-options.ts';

export interface CollectOptions extends Wishes {
  readonly engines: Engines;
  readonly nowMs: number;
  /** Of the whole dashboard, pixels. */
  readonly width: number;
}

/** Columns of a dashboard's grid. */
const GRID_COLUMNS = 24;
/** What a panel's frame takes of its width, pixels. */
const FRAME_PIXELS = 24;

export async function collect(dashboard: DashboardJson, options: CollectOptions): Promise<Collected> {
  const { engines, nowMs, preferred, fallback } = options;
  const fromMs = momentOf(dashboard.time.from, nowMs, false);
  const toMs = momentOf(dashboard.time.to, nowMs, true);
  const { variables, problems } = await chooseVariables(dashboard, engines, {
    span: { fromMs, toMs },
    preferred,
    fallback,
  });
  const panels: CollectedPanel[] = [];
  for (const { panel, own } of laidOut(dashboard.panels, variables)) {
    panels.push(await collectPanel(panel, { ...variables, ...own }, { ...options, span: { fromMs, toMs } }));
  }
  return { dashboard, fromMs, toMs, variables, panels, problems };
}

interface Placed {
  readonly panel: PanelJson;
  /** What variables are in this panel alone. */
  readonly own: Readonly<Record<string, ChosenVariable>>;
}

/** Panels in the order in which they stand: those of closed rows after their row, those that are repeated once for each value. */
function laidOut(panels: readonly PanelJson[], variables: Readonly<Record<string, ChosenVariable>>): readonly Placed[] {
  const open = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  let movedBy = 0;
  return open.flatMap((panel): readonly Placed[] => {
    const at = { ...panel.gridPos, y: panel.gridPos.y + movedBy };
    const variable = panel.repeat === undefined ? undefined : variables[panel.repeat];
    if (panel.repeat === undefined || variable === undefined) return [{ panel: { ...panel, gridPos: at }, own: {} }];
    const values = valuesOf(variable);
    const perRow = Math.max(1, Math.min(values.length, panel.maxPerRow ?? 4));
    const width = Math.floor(GRID_COLUMNS / perRow);
    movedBy += (Math.ceil(values.length / perRow) - 1) * at.h;
    return values.map((value, index) => ({
      panel: {
        ...panel,
        gridPos: { ...at, w: width, x: (index % perRow) * width, y: at.y + Math.floor(index / perRow) * at.h },
      },
      own: { [panel.repeat ?? '']: { ...variable, value, text: value } },
    }));
  });
}

function valuesOf({ value, options }: ChosenVariable): readonly string[] {
  if (isAll(value)) return options;
  return typeof value === 'string' ? [value] : value;
}

interface PanelContext extends CollectOptions {
  readonly span: TimeSpan;
}

async function collectPanel(
  panel: PanelJson,
  variables: Readonly<Record<string, ChosenVariable>>,
  context: PanelContext,
): Promise<CollectedPanel> {
  const frames: FrameData[] = [];
  const errors: string[] = [];
  const targets = (panel.targets ?? []).filter(({ hide }) => hide !== true);
  for (const target of targets) {
    try {
      frames.push(...(await askTarget(target, { panel, targets, variables, context })));
    } catch (error) {
      errors.push(`${target.refId}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { panel, frames, errors, variables };
}

interface Asking {
  readonly panel: PanelJson;
  readonly targets: readonly TargetJson[];
  readonly variables: Readonly<Record<string, ChosenVariable>>;
  readonly context: PanelContext;
}

async function askTarget(
  target: TargetJson,
  { panel, targets, variables, context }: Asking,
): Promise<readonly FrameData[]> {
  const { engines, span, width } = context;
  const points =
    panel.maxDataPoints ?? Math.max(1, Math.floor((panel.gridPos.w / GRID_COLUMNS) * width) - FRAME_PIXELS);
  const leastMs = durationOf(target.interval ?? panel.interval ?? '') || (target.expr === undefined ? 1000 : SCRAPE_MS);
  const own = panel.timeFrom === undefined ? span : { ...span, fromMs: span.toMs - durationOf(panel.timeFrom) };
  const intervalMs = intervalOf({ ...own, points, leastMs });
  const range = { ...own, intervalMs };
  if (target.expr !== undefined) {
    const tables = targets.filter(({ expr, format }) => expr !== undefined && format === 'table');
    const valueName = tables.length > 1 ? `Value #${target.refId}` : 'Value';
    return askPrometheus(
      engines.prometheusUrl,
      { ...target, expr: expandPromql(target.expr, range, variables) },
      { ...own, stepMs: intervalMs, valueName },
    );
  }
  if (target.rawSql === undefined)
    throw new Error(`a query of this data source is not known here: ${target.datasource?.type ?? 'none'}`);
  const isTimeSeries = target.format === 0 || target.format === 'time_series';
  return askClickHouse(engines.clickHouseUrl, expandSql(target.rawSql, range, variables), {
    refId: target.refId,
    isTimeSeries,
  });
}
