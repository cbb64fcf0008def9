// One panel at its place in the grid: its frame, and what kind it is.

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, PanelChrome } from '@grafana/ui';
import { Component, type CSSProperties, type JSX, type ReactNode } from 'react';
import { BarChartPanel } from './panels/bar-chart.tsx';
import { BarGaugePanel } from './panels/bar-gauge.tsx';
import { HeatmapPanel } from './panels/heatmap.tsx';
import { HistogramPanel } from './panels/histogram.tsx';
import { NodeGraphPanel } from './panels/node-graph.tsx';
import { StatPanel } from './panels/stat.tsx';
import { StateTimelinePanel } from './panels/state-timeline.tsx';
import { TablePanel } from './panels/table.tsx';
import { TextPanel } from './panels/text.tsx';
import { TimeSeriesPanel } from './panels/time-series.tsx';
import type { PreparedPanel } from './prepare.ts';

/** Grafana's grid: 24 columns, rows of 30 pixels with 8 between them. */
export const ROW_PIXELS = 38;
const GAP = 8;
const COLUMNS = 24;

/** What every kind of panel is given. */
export interface VisualProps {
  readonly panel: PreparedPanel;
  readonly theme: GrafanaTheme2;
  readonly timeZone: string;
  readonly width: number;
  readonly height: number;
}

const KINDS: Readonly<Record<string, (props: VisualProps) => JSX.Element>> = {
  stat: StatPanel,
  timeseries: TimeSeriesPanel,
  table: TablePanel,
  bargauge: BarGaugePanel,
  text: TextPanel,
  heatmap: HeatmapPanel,
  'state-timeline': StateTimelinePanel,
  nodeGraph: NodeGraphPanel,
  histogram: HistogramPanel,
  barchart: BarChartPanel,
};

/** Kinds of panels that can be drawn. */
export function isKnown(type: string): boolean {
  return type === 'row' || KINDS[type] !== undefined;
}

interface PanelBoxProps {
  readonly panel: PreparedPanel;
  readonly theme: GrafanaTheme2;
  readonly timeZone: string;
}

export function PanelBox({ panel, theme, timeZone }: PanelBoxProps): JSX.Element {
  const { gridPos, type, id, transparent } = panel.collected.panel;
  const cell = (window.innerWidth - 2 * 16 + GAP) / COLUMNS;
  const [width, height] = [gridPos.w * cell - GAP, gridPos.h * ROW_PIXELS - GAP];
  const place: CSSProperties = {
    position: 'absolute',
    left: gridPos.x * cell,
    top: gridPos.y * ROW_PIXELS,
    width,
    height,
  };
  if (type === 'row') {
    return (
      <div style={{ ...place, display: 'flex', alignItems: 'center', gap: 8, fontSize: 17, fontWeight: 500 }}>
        <Icon name="angle-down" /> {panel.title}
      </div>
    );
  }
  const Visual = KINDS[type];
  const errors = panel.collected.errors.join('\n');
  return (
    <div style={place} data-panel={id} data-kind={type}>
      <PanelChrome
        width={width}
        height={height}
        title={panel.title}
        description={panel.description}
        displayMode={transparent === true ? 'transparent' : 'default'}
        padding={type === 'stat' || type === 'table' || type === 'nodeGraph' ? (type === 'stat' ? 'md' : 'none') : 'md'}
        {...(errors === '' ? {} : { statusMessage: errors })}
      >
        {(innerWidth, innerHeight) => (
          <Guard title={panel.title}>
            {isEmpty(panel) && type !== 'text' ? (
              <Empty {...{ panel, theme, width: innerWidth, height: innerHeight }} />
            ) : Visual === undefined ? (
              <Failure>{`panels of kind ${type} cannot be drawn here`}</Failure>
            ) : (
              <Visual {...{ panel, theme, timeZone, width: innerWidth, height: innerHeight }} />
            )}
          </Guard>
        )}
      </PanelChrome>
    </div>
  );
}

function isEmpty({ frames, collected: { panel } }: PreparedPanel): boolean {
  return panel.type !== 'stat' && panel.type !== 'bargauge'
    ? frames.every(({ length }) => length === 0)
    : frames.every(({ fields }) => fields.length === 0);
}

/** As Grafana says it where a query had no rows. */
function Empty({ panel, theme, width, height }: Omit<VisualProps, 'timeZone'>): JSX.Element {
  const { noValue } = panel.fieldConfig.defaults;
  const said = noValue === undefined || noValue === '' ? 'No data' : noValue;
  const style: CSSProperties = {
    width,
    height,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    color: theme.colors.text.secondary,
    fontSize: 18,
  };
  return (
    <div style={style} {...{ [said === 'No data' ? 'data-empty' : 'data-quiet']: '' }}>
      {said}
    </div>
  );
}

function Failure({ children }: { readonly children: string }): JSX.Element {
  return (
    <div data-failure="" style={{ padding: 8, color: '#ff5286', fontSize: 13 }}>
      {children}
    </div>
  );
}

interface GuardProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** What one panel throws is shown in its place. */
class Guard extends Component<GuardProps, { readonly message: string | undefined }> {
  override readonly state: { readonly message: string | undefined } = { message: undefined };

  static getDerivedStateFromError(error: unknown): { readonly message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    return message === undefined ? this.props.children : <Failure>{message}</Failure>;
  }
}
