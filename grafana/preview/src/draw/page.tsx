// The page that the browser takes a picture of: what Grafana shows around panels, and the panels.

import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import '@fontsource/inter/600.css';
import '@fontsource/roboto-mono/400.css';
import 'uplot/dist/uPlot.min.css';
import { createTheme, type GrafanaTheme2, ThemeContext } from '@grafana/data';
import { GlobalStyles } from '@grafana/ui';
import type { JSX } from 'react';
import { createRoot } from 'react-dom/client';
import type { Collected } from '../collect/dashboard.ts';
import { PanelBox, ROW_PIXELS } from './panel-box.tsx';
import { type PreparedPanel, preparePanel, setUpLinks, setUpTransformations } from './prepare.ts';
import { Toolbar } from './toolbar.tsx';

declare global {
  interface Window {
    readonly preview: {
      readonly collected: Collected;
      readonly theme: 'dark' | 'light';
      /** Set when everything is drawn: what could not be, by panel. */
      drawn?: readonly string[];
    };
  }
}

export const PADDING = 16;
/** Where panels are drawn that are not Grafana's own. */
export const LOOK_ALIKES: readonly string[] = [
  'heatmap',
  'state-timeline',
  'nodeGraph',
  'histogram',
  'barchart',
  'piechart',
  'gauge',
];

async function draw(): Promise<void> {
  const { collected, theme: mode } = window.preview;
  const theme = createTheme({ colors: { mode } });
  setUpTransformations();
  setUpLinks(collected);
  const failures: string[] = [];
  const panels: PreparedPanel[] = [];
  for (const panel of collected.panels) {
    try {
      panels.push(await preparePanel(panel, collected, theme));
    } catch (error) {
      failures.push(
        `${panel.panel.title ?? panel.panel.id}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  createRoot(root).render(<Page {...{ collected, panels, theme }} />);
  await document.fonts.ready;
  window.preview.drawn = failures;
}

interface PageProps {
  readonly collected: Collected;
  readonly panels: readonly PreparedPanel[];
  readonly theme: GrafanaTheme2;
}

function Page({ collected, panels, theme }: PageProps): JSX.Element {
  const rows = Math.max(...panels.map(({ collected: { panel } }) => panel.gridPos.y + panel.gridPos.h));
  const isFake = panels.some(({ collected: { panel } }) => LOOK_ALIKES.includes(panel.type));
  const { colors, typography } = theme;
  const page = {
    background: colors.background.canvas,
    color: colors.text.primary,
    fontFamily: typography.fontFamily,
    minHeight: '100vh',
  };
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <div style={page}>
        <Toolbar {...{ collected, theme }} />
        <div style={{ position: 'relative', margin: `0 ${PADDING}px`, height: rows * ROW_PIXELS }}>
          {panels.map((panel, index) => (
            <PanelBox key={index} {...{ panel, theme, timeZone: collected.dashboard.timezone ?? 'utc' }} />
          ))}
        </div>
        <div style={{ padding: `4px ${PADDING}px 12px`, color: colors.text.disabled, fontSize: 11 }}>
          Made-up month through the real service; drawn with @grafana/ui 13.2
          {isFake
            ? '; heatmaps, bar charts, timelines, histograms and node graphs, which it does not have, in its style'
            : ''}
          .
        </div>
      </div>
    </ThemeContext.Provider>
  );
}

await draw();
