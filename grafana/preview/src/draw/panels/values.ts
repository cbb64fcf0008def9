// What a stat or a bar gauge shows of its frames.

import { type FieldDisplay, getFieldDisplayValues, type GrafanaTheme2 } from '@grafana/data';
import type { PreparedPanel } from '../prepare.ts';

interface ReduceOptions {
  readonly calcs: string[];
  readonly values?: boolean;
  readonly fields?: string;
  readonly limit?: number;
}

export interface ValuesOptions {
  readonly panel: PreparedPanel;
  readonly theme: GrafanaTheme2;
  readonly timeZone: string;
  readonly hasSparkline: boolean;
}

export function displayValues({ panel, theme, timeZone, hasSparkline }: ValuesOptions): FieldDisplay[] {
  const { calcs = [], ...rest } = (panel.options['reduceOptions'] ?? {}) as Partial<ReduceOptions>;
  return getFieldDisplayValues({
    fieldConfig: panel.fieldConfig,
    reduceOptions: { ...rest, calcs: calcs.length === 0 ? ['lastNotNull'] : calcs },
    replaceVariables: panel.replace,
    theme,
    data: panel.frames,
    sparkline: hasSparkline,
    timeZone,
  });
}
