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
  cell(row: Row): Cell;
}

export interface TableOptions {
  readonly paint: Paint;
  /** Columns of the terminal; undefined where there is none, and lines may be as long as they need to be. */
  readonly width: number | undefined;
}

const GAP = '  ';
const FLEXIBLE_WIDTH_MIN = 10;

/** Lines of a table. Where a terminal is too narrow for it, each row becomes a block of lines, a line a column. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: TableOptions,
): string[] {
  const used = columns.filter((column) => rows.some((row) => textOf(column.cell(row)) !== ''));
  const grid = used.map((column) =>
    alignDecimals(
      column,
      rows.map((row) => column.cell(row)),
    ),
  );
  const widths = fitWidths(
    used,
    used.map(({ title }, at) =>
      Math.max(...(grid[at] ?? []).map((cell) => stringWidth(textOf(cell))), stringWidth(title)),
    ),
    options.width,
  );
  if (widths === undefined) return renderBlocks(rows, used, options);
  const line = (cells: readonly Cell[], tone?: Tone): string =>
    cells
      .map((cell, at) => place(cell, { column: used[at], width: widths[at] ?? 0, paint: options.paint, tone }))
      .join(GAP)
      .trimEnd();
  return [
    line(
      used.map(({ title }) => title),
      'title',
    ),
    ...rows.map((_, row) => line(grid.map((cells) => cells[row] ?? ''))),
  ];
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

/** Widths that fit the terminal, the widest flexible column giving first; undefined where they cannot. */
function fitWidths<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  terminalWidth: number | undefined,
): readonly number[] | undefined {
  if (terminalWidth === undefined) return widths;
  const fitted = [...widths];
  let excess = fitted.reduce((sum, width) => sum + width, GAP.length * (fitted.length - 1)) - terminalWidth;
  while (excess > 0) {
    const widest = columns.reduce<number | undefined>(
      (best, { isFlexible }, at) =>
        isFlexible === true && (fitted[at] ?? 0) > Math.max(FLEXIBLE_WIDTH_MIN, fitted[best ?? -1] ?? 0) ? at : best,
      undefined,
    );
    if (widest === undefined) return undefined;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
    excess--;
  }
  return fitted;
}

interface Place<Row> {
  readonly column: Column<Row> | undefined;
  readonly width: number;
  readonly paint: Paint;
  readonly tone: Tone | undefined;
}

function place<Row>(cell: Cell, { column, width, paint, tone }: Place<Row>): string {
  const text = cut(textOf(cell), width);
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  const painted = paint(tone ?? (typeof cell === 'string' ? 'plain' : cell.tone), text);
  return column?.align === undefined || column.align === 'left' ? painted + space : space + painted;
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
