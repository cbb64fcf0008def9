import { describe, expect, it } from 'vitest';
import { sql } from '../../src/query/sql.ts';

describe('sql', () => {
  it('indents the lines of a part as far as the line in which it stands', () => {
    const where = "tenant = 'acme'\nAND day > 3";
    expect(sql`
      SELECT 1
        WHERE ${where}
      LIMIT 2`).toBe(`
      SELECT 1
        WHERE tenant = 'acme'
        AND day > 3
      LIMIT 2`);
  });

  it('puts parts of parts where they belong', () => {
    const inner = sql`(\n  ${'a\nb'}\n)`;
    expect(sql`FROM\n  ${inner}\nEND`).toBe('FROM\n  (\n    a\n    b\n  )\nEND');
  });

  it('takes numbers, and parts that stand side by side', () => {
    expect(sql`LIMIT ${3} OFFSET ${4}`).toBe('LIMIT 3 OFFSET 4');
  });

  it('takes backslashes and dollars of parts as they are', () => {
    expect(sql`x ${String.raw`'\\$1 $&'`}`).toBe(String.raw`x '\\$1 $&'`);
  });
});
