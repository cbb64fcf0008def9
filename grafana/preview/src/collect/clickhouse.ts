// Asks ClickHouse, and makes frames of rows as the plugin's backend does (grafana/clickhouse-datasource, sqlds): decimals are numbers, times are
// times, and a time series is made wide, a line for each value of its columns of text.

import { cellText } from './cell-text.ts';
import type { FieldData, FrameData } from './dashboard.ts';

interface Answer {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly unknown[])[];
}

export interface ClickHouseFormat {
  readonly refId: string;
  /** Else a table. */
  readonly isTimeSeries: boolean;
}

/** What a reader may use, as grafana/clickhouse gives it. */
const SETTINGS = { readonly: '1', max_execution_time: '30' };
const QUERY_MS_MAX = 60_000;

export async function askClickHouse(url: string, sql: string, format: ClickHouseFormat): Promise<readonly FrameData[]> {
  const query = new URLSearchParams({ database: 'turnmeter', default_format: 'JSONCompact', ...SETTINGS });
  const request = { method: 'POST', body: sql, signal: AbortSignal.timeout(QUERY_MS_MAX) };
  const response = await fetch(`${url}/?${query.toString()}`, request);
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim().slice(0, 600));
  const frame = tableOf(JSON.parse(text) as Answer, format.refId);
  return format.isTimeSeries ? wide(frame) : [frame];
}

function tableOf({ meta, data }: Answer, refId: string): FrameData {
  const fields = meta.map(({ name, type }, column): FieldData => {
    const kind = kindOf(type);
    return { name, type: kind, config: {}, values: data.map((row) => valueOf(row[column], kind)) };
  });
  return { refId, fields };
}

function kindOf(type: string): FieldData['type'] {
  const bare = type.replaceAll(/^(?:(?:LowCardinality|Nullable)\()+|\)+$/g, '');
  if (bare.startsWith('Date')) return 'time';
  if (/^(?:U?Int|Float|Decimal)/.test(bare)) return 'number';
  if (bare.startsWith('Bool')) return 'boolean';
  return /^(?:Array|Map|Tuple|Nested)/.test(type) ? 'other' : 'string';
}

function valueOf(value: unknown, kind: FieldData['type']): unknown {
  if (value === null || value === undefined) return null;
  if (kind === 'time') return timeOf(cellText(value));
  return kind === 'number' ? Number(value) : value;
}

/** `2026-11-23 06:00:00.000`, UTC, or `2026-11-23` */
function timeOf(text: string): number {
  return Date.parse(text.includes(':') ? `${text.replace(' ', 'T')}Z` : text);
}

/** `LongToWide` of the plugin SDK: times once, and a column for each number and combination of texts. */
function wide(frame: FrameData): readonly FrameData[] {
  const time = frame.fields.find(({ type }) => type === 'time');
  if (time === undefined || time.values.length === 0) return time === undefined ? [frame] : [];
  const texts = frame.fields.filter(({ type }) => type === 'string');
  const numbers = frame.fields.filter(({ type }) => type === 'number');
  if (texts.length === 0) return [{ ...frame, fields: [time, ...frame.fields.filter((field) => field !== time)] }];
  const times = [...new Set(time.values)].toSorted((a, b) => Number(a) - Number(b));
  const rowOf = new Map(times.map((value, row) => [value, row]));
  const columns = new Map<string, FieldData & { readonly values: unknown[] }>();
  for (const [index, value] of time.values.entries()) {
    const labels = Object.fromEntries(texts.map(({ name, values }) => [name, cellText(values[index])]));
    for (const field of numbers) {
      const key = JSON.stringify([field.name, labels]);
      const column = columns.get(key) ?? {
        ...field,
        labels,
        values: Array.from<unknown>({ length: times.length }).fill(null),
      };
      columns.set(key, column);
      column.values[rowOf.get(value) ?? 0] = field.values[index];
    }
  }
  const sorted = [...columns].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, column]) => column);
  return [{ refId: frame.refId, meta: { type: 'timeseries-wide' }, fields: [{ ...time, values: times }, ...sorted] }];
}
