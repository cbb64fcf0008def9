// Macros of the ClickHouse plugin's backend (pkg/macros/macros.go and grafana/macropro), those of them that dashboards may use.

/** Times of a query, and how far its points should be apart. */
export interface QueryRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
}

type Macro = (range: QueryRange, args: readonly string[]) => string;

const MACROS: Readonly<Record<string, Macro>> = {
  fromTime: ({ fromMs }) => seconds(fromMs),
  toTime: ({ toMs }) => seconds(toMs),
  fromTime_ms: ({ fromMs }) => milliseconds(fromMs),
  toTime_ms: ({ toMs }) => milliseconds(toMs),
  timeFilter: ({ fromMs, toMs }, args) => between(args, seconds(fromMs), seconds(toMs)),
  timeFilter_ms: ({ fromMs, toMs }, args) => between(args, milliseconds(fromMs), milliseconds(toMs)),
  dateFilter: ({ fromMs, toMs }, args) => between(args, date(fromMs), date(toMs)),
  timeInterval: ({ intervalMs }, args) =>
    `toStartOfInterval(toDateTime(${only(args)}), INTERVAL ${wholeSeconds(intervalMs)} second)`,
  timeInterval_ms: ({ intervalMs }, args) =>
    `toStartOfInterval(toDateTime64(${only(args)}, 3), INTERVAL ${Math.max(Math.floor(intervalMs), 1)} millisecond)`,
  interval_s: ({ intervalMs }) => `${wholeSeconds(intervalMs)}`,
};

/** Names of the longest first, so that none is taken for the begin of another. */
const NAMES = Object.keys(MACROS).toSorted((a, b) => b.length - a.length);

/** SQL with its macros written out; one that is not known here is an error, as the database would not know it either. */
export function expandMacros(sql: string, range: QueryRange): string {
  let expanded = sql;
  for (const name of NAMES) expanded = expandOne(expanded, name, range);
  const unknown = /\$__\w+/.exec(expanded);
  if (unknown !== null) throw new Error(`A query has a macro that is not known here: ${unknown[0]}`);
  return expanded;
}

function expandOne(sql: string, name: string, range: QueryRange): string {
  const pieces: string[] = [];
  let at = 0;
  for (const match of sql.matchAll(new RegExp(String.raw`\$__${name}(?!\w)`, 'g'))) {
    if (match.index < at) continue;
    const end = match.index + match[0].length;
    const close = sql[end] === '(' ? closingOf(sql, end) : end - 1;
    const args = sql[end] === '(' ? argumentsOf(sql.slice(end + 1, close)) : [];
    pieces.push(sql.slice(at, match.index), MACROS[name]?.(range, args) ?? '');
    at = close + 1;
  }
  return pieces.join('') + sql.slice(at);
}

/** Where the parenthesis closes that opens at `open`. */
function closingOf(sql: string, open: number): number {
  let depth = 0;
  for (const { index, 0: character } of sql.slice(open).matchAll(/'(?:[^'])*'|[()]/g)) {
    if (character === '(') depth++;
    else if (character === ')') depth--;
    if (depth === 0) return open + index;
  }
  throw new Error(`A macro is not closed: ${sql.slice(open, open + 40)}`);
}

/** Split at commas outside of parentheses. */
function argumentsOf(text: string): readonly string[] {
  const args = [''];
  let depth = 0;
  for (const character of text) {
    if (character === ',' && depth === 0) args.push('');
    else args[args.length - 1] += character;
    if (character === '(') depth++;
    else if (character === ')') depth--;
  }
  return args.map((arg) => arg.trim()).filter((arg) => arg !== '');
}

function only(args: readonly string[]): string {
  const [column] = args;
  if (column === undefined || args.length > 1) throw new Error(`A macro takes one argument, not ${args.length}`);
  return column;
}

function between(args: readonly string[], from: string, to: string): string {
  const column = only(args);
  return `${column} >= ${from} AND ${column} <= ${to}`;
}

function seconds(ms: number): string {
  return `toDateTime(${Math.floor(ms / 1000)})`;
}

function milliseconds(ms: number): string {
  return `fromUnixTimestamp64Milli(${Math.floor(ms)})`;
}

function date(ms: number): string {
  return `toDate('${new Date(ms).toISOString().slice(0, 10)}')`;
}

function wholeSeconds(ms: number): number {
  return Math.max(Math.floor(ms / 1000), 1);
}
