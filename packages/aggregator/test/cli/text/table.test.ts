import { describe, expect, it } from 'vitest';
import { shown } from '../../../src/cli/text/escape.ts';
import { plainPaint } from '../../../src/cli/text/paint.ts';
import { type Column, renderTable } from '../../../src/cli/text/table.ts';

interface Row {
  readonly session: string;
  readonly calls: number;
  readonly cost: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'session', isFlexible: true, cell: ({ session }) => shown(session) },
  { title: 'calls', align: 'right', cell: ({ calls }) => String(calls) },
  { title: 'cost', align: 'decimal', cell: ({ cost }) => cost },
];

function render(rows: readonly Row[], width?: number): string {
  return renderTable(rows, COLUMNS, { paint: plainPaint, width }).join('\n');
}

describe('renderTable', () => {
  it('aligns text to the left, numbers to the right and money by its point', () => {
    const rows = [
      { session: 'sess-a', calls: 12, cost: '$1,234.50' },
      { session: 'a-much-longer-session', calls: 7, cost: '$0.0123' },
      { session: 'c', calls: 1, cost: 'unpriced' },
    ];
    expect(render(rows)).toBe(
      [
        'session                calls         cost',
        'sess-a                    12  $1,234.50',
        'a-much-longer-session      7      $0.0123',
        'c                          1     unpriced',
      ].join('\n'),
    );
  });

  it('counts columns as a terminal does: wide characters, emoji, combining marks', () => {
    const rows = [
      { session: '計画者', calls: 1, cost: '' },
      { session: '👩‍💻 coder', calls: 2, cost: '' },
      { session: 'cafe\u{301}', calls: 3, cost: '' },
    ];
    expect(render(rows)).toBe(
      ['session   calls', '計画者        1', '👩‍💻 coder      2', 'cafe\u{301}          3'].join('\n'),
    );
  });

  it('shows what is hostile in names and keeps a row on its line', () => {
    const rows = [
      { session: "a\nb'; DROP TABLE\x1b[31mred", calls: 1, cost: '' },
      { session: '\u{202e}gnitset\u{200b}', calls: 2, cost: '' },
    ];
    expect(render(rows)).toBe(
      [
        'session                       calls',
        String.raw`a\nb'; DROP TABLE\x1b[31mred      1`,
        String.raw`\u{202e}gnitset\u{200b}           2`,
      ].join('\n'),
    );
  });

  it('cuts a name of a megabyte', () => {
    const lines = renderTable([{ session: 'x'.repeat(1e6), calls: 1, cost: '' }], COLUMNS, {
      paint: plainPaint,
      width: undefined,
    });
    // 120 columns of the name, the last of them an ellipsis; two spaces; a right-aligned 1 below "calls".
    expect(lines[1]).toBe(`${'x'.repeat(119)}…      1`);
  });

  it('cuts flexible columns where the terminal is narrow', () => {
    expect(render([{ session: 'a-much-longer-session', calls: 7, cost: '$0.0123' }], 30)).toBe(
      ['session         calls     cost', 'a-much-longer…      7  $0.0123'].join('\n'),
    );
  });

  it('leaves out what can be done without before it cuts names short, and says so', () => {
    const columns = COLUMNS.map((column) => (column.title === 'calls' ? { ...column, dispensable: 1 } : column));
    const rows = [{ session: 'a-session-of-twenty-five', calls: 7, cost: '$0.0123' }];
    // 24 + 2 + 5 + 2 + 7 = 40 columns, of which the name gives 4 before the calls go; without them the name is whole again.
    const lines = (width: number): string[] => renderTable(rows, columns, { paint: plainPaint, width });
    expect(lines(36)).toEqual(['session               calls     cost', 'a-session-of-twenty…      7  $0.0123']);
    expect(lines(35)).toEqual([
      'session                      cost',
      'a-session-of-twenty-five  $0.0123',
      '(a wider terminal shows calls)',
    ]);
    expect(lines(20)).toEqual(['session         cost', 'a-session-…  $0.0123', '(a wider terminal s…']);
  });

  it('makes blocks of rows where even that does not fit', () => {
    const rows = [
      { session: 'first', calls: 7, cost: '$0.0123' },
      { session: 'second', calls: 8, cost: '$0.02' },
    ];
    expect(render(rows, 20)).toBe(
      ['session  first', 'calls    7', 'cost     $0.0123', '', 'session  second', 'calls    8', 'cost     $0.02'].join(
        '\n',
      ),
    );
  });

  it('leaves out columns that nobody fills', () => {
    expect(render([{ session: 'a', calls: 1, cost: '' }])).toBe('session  calls\na            1');
  });
});
