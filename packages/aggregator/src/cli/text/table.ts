// Tables for people: columns under each other, two spaces between them, numbers to the right, money by its decimal point.

import stringWidth from 'string-width';
import { cut } from './escape.ts';
import type { Paint, Tone } from './paint.ts';

/** What stands in one place of a table. Text of unknown origin has to be escaped before (`shown`). */
export type Cell = string | { readonly text: string; readonly tone: Tone };

export interface Column<Row> {
  readonly title: string;
  /** @default 'left' */
  readonly align?: 'left' | 'right' | 'decimal';
  /** May be cut where the terminal is narrow; at least {@link FLEXIBLE_WIDTH_MIN} columns stay. @default false */
  readonly isFlexible?: boolean;
  /** Is left out where the terminal is narrow, the highest number first; the table says so. @default never */
  readonly dispensable?: number;
  cell(row: Row): Cell;
}

export interface TableOptions {
  readonly paint: Paint;
  /** Columns of the terminal; undefined where there is none, and lines may be as long as they need to be. */
  readonly width: number | undefined;
}

const GAP = '  ';
const FLEXIBLE_WIDTH_MIN = 10;
/** Columns that can be done without go before others are cut to less than this. */
const COMFORTABLE_WIDTH = 20;

/** Lines of a table. Where a terminal is too narrow for it, each row becomes a block of lines, a line a column. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: TableOptions,
): string[] {
  const used = columns
    .map((column): FilledColumn<Row> => fill(column, rows))
    .filter(({ cells }) => cells.some((cell) => textOf(cell) !== ''));
  const fitted = fit(used, options.width);
  if (fitted === undefined) {
    return renderBlocks(
      rows,
      used.map(({ column }) => column),
      options,
    );
  }
  const { placed, leftOut } = fitted;
  const line = (cellOf: (column: FilledColumn<Row>) => Cell, tone?: Tone): string =>
    placed
      .map((column) => place(cellOf(column), { ...column, paint: options.paint, tone }))
      .join(GAP)
      .trimEnd();
  const titles = leftOut.map(({ column }) => column.title).join(', ');
  return [
    line(({ column }) => column.title, 'title'),
    ...rows.map((_, row) => line(({ cells }) => cells[row] ?? '')),
    ...(titles === ''
      ? []
      : [options.paint('faint', cut(`(a wider terminal shows ${titles})`, options.width ?? Infinity))]),
  ];
}

interface FilledColumn<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly Cell[];
  /** In columns of the terminal. */
  readonly width: number;
}

function fill<Row>(column: Column<Row>, rows: readonly Row[]): FilledColumn<Row> {
  const cells = alignDecimals(
    column,
    rows.map((row) => column.cell(row)),
  );
  const width = cells.reduce<number>(
    (most, cell) => Math.max(most, stringWidth(textOf(cell))),
    stringWidth(column.title),
  );
  return { column, cells, width };
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** Pads what comes after the decimal point, so that points stand under each other. Texts without digits stay at the right. */
function alignDecimals<Row>({ align }: Column<Row>, cells: readonly Cell[]): readonly Cell[] {
  if (align !== 'decimal') return cells;
  const tail = Math.max(0, ...cells.map((cell) => decimalsOf(textOf(cell))));
  return cells.map((cell) => {
    const text = textOf(cell);
    const padded = /\d/.test(text) ? text + ' '.repeat(tail - decimalsOf(text)) : text;
    return typeof cell === 'string' ? padded : { ...cell, text: padded };
  });
}

/** `$0.0123` → 5: the point and what follows it. */
function decimalsOf(text: string): number {
  const point = text.lastIndexOf('.');
  return point === -1 ? 0 : text.length - point;
}

interface Fitted<Row> {
  readonly placed: readonly FilledColumn<Row>[];
  readonly leftOut: readonly FilledColumn<Row>[];
}

/** Columns and their widths that fit the terminal; undefined where none do. */
function fit<Row>(columns: readonly FilledColumn<Row>[], terminalWidth: number | undefined): Fitted<Row> | undefined {
  if (terminalWidth === undefined) return { placed: columns, leftOut: [] };
  for (const widthMin of [COMFORTABLE_WIDTH, FLEXIBLE_WIDTH_MIN]) {
    let kept = columns;
    for (;;) {
      const placed = narrow(kept, terminalWidth, widthMin);
      if (placed !== undefined) return { placed, leftOut: columns.filter((column) => !kept.includes(column)) };
      const next = kept.reduce((most, { column }) => Math.max(most, column.dispensable ?? 0), 0);
      if (next === 0) break;
      kept = kept.filter(({ column }) => column.dispensable !== next);
    }
  }
  return undefined;
}

/** Columns that fit, the widest flexible one giving first; undefined where they cannot. */
function narrow<Row>(
  columns: readonly FilledColumn<Row>[],
  terminalWidth: number,
  widthMin: number,
): readonly FilledColumn<Row>[] | undefined {
  const widths = columns.map(({ width }) => width);
  let excess = widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - terminalWidth;
  while (excess > 0) {
    const widest = columns.reduce<number | undefined>(
      (best, { column }, at) =>
        column.isFlexible === true && (widths[at] ?? 0) > Math.max(widthMin, widths[best ?? -1] ?? 0) ? at : best,
      undefined,
    );
    if (widest === undefined) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return columns.map((column, at) => ({ ...column, width: widths[at] ?? 0 }));
}

interface Place<Row> {
  readonly column: Column<Row>;
  readonly width: number;
  readonly paint: Paint;
  readonly tone: Tone | undefined;
}

function place<Row>(cell: Cell, { column, width, paint, tone }: Place<Row>): string {
  const text = cut(textOf(cell), width);
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  const painted = paint(tone ?? (typeof cell === 'string' ? 'plain' : cell.tone), text);
  return column.align === undefined || column.align === 'left' ? painted + space : space + painted;
}

function renderBlocks<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { paint, width }: TableOptions,
): string[] {
  const titleWidth = Math.max(0, ...columns.map(({ title }) => stringWidth(title)));
  const room = Math.max(FLEXIBLE_WIDTH_MIN, (width ?? Infinity) - titleWidth - GAP.length);
  return rows.flatMap((row, at) => [
    ...(at === 0 ? [] : ['']),
    ...columns.flatMap((column) => {
      const cell = column.cell(row);
      if (textOf(cell) === '') return [];
      const title = paint('title', column.title) + ' '.repeat(titleWidth - stringWidth(column.title));
      return [title + GAP + paint(typeof cell === 'string' ? 'plain' : cell.tone, cut(textOf(cell), room))];
    }),
  ]);
}
