import { renderTextPanelMarkdown } from '@grafana/data';
import type { JSX } from 'react';
import type { VisualProps } from '../panel-box.tsx';

interface TextOptions {
  readonly mode?: string;
  readonly content?: string;
}

export function TextPanel({ panel }: VisualProps): JSX.Element {
  const { mode = 'markdown', content = '' } = panel.options as TextOptions;
  const text = panel.replace(content);
  // The dashboards are the repository's own, and the renderer sanitizes.
  const html = mode === 'markdown' ? renderTextPanelMarkdown(text) : text;
  return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: html }} />;
}
