// A line or two of Markdown, where a link or a word of explanation is needed.

import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { framed, type PanelOptions } from './panel.ts';

export interface TextOptions extends Omit<PanelOptions, 'queries'> {
  readonly markdown: string;
}

export function text(options: TextOptions): PanelBuilder {
  return framed(new PanelBuilder(), { ...options, queries: [] })
    .mode(TextMode.Markdown)
    .content(options.markdown);
}
