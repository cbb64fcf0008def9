// Reads answers of a service. It may be older or newer than this program: what is not there is nothing, not an error.

export type Row = Readonly<Record<string, unknown>>;

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function rowsOf(document: unknown, name: string): readonly Row[] {
  const list = isRow(document) ? document[name] : undefined;
  return Array.isArray(list) ? list.filter(isRow) : [];
}

export function textOf(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : '';
}

export function numberOf(row: Row, name: string): number {
  const value = row[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function textsOf(row: Row, name: string): readonly string[] {
  const value = row[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
