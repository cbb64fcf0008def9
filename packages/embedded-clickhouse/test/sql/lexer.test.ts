import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lexer } from '../../src/sql/lexer.ts';
import { runEngine, type RunningEngine } from '../running-engine.ts';

type Token = readonly [kind: string, start: number, end: number];

function tokens(sql: string): Token[] {
  const lexer = new Lexer(Buffer.from(sql));
  const found: Token[] = [];
  while (lexer.next() !== 'end') {
    found.push([lexer.kind, lexer.start, lexer.end]);
    if (lexer.kind === 'unclosed') break;
  }
  return found;
}

describe('the lexer', () => {
  it.each([
    ["SELECT 'a;b'", 'word 0 6, text 7 12'],
    ["'it''s' 'it\\'s'", 'text 0 7, text 8 15'],
    ['"a""b" `c``d`', 'quotedName 0 6, quotedName 7 13'],
    ['a -- b\nc // d\ne # f\ng #! h', 'word 0 1, word 7 8, word 14 15, word 20 21'],
    ['a /* b /* c */ d */ e', 'word 0 1, word 20 21'],
    ['$$ a; $b$ $$ $tag$ $$ $tag$', 'text 0 12, text 13 27'],
    ["x'4A' b'01' x'", 'text 0 5, text 6 11, word 12 13, unclosed 13 14'],
    ['1e--5', 'number 0 3, symbol 3 4, number 4 5'],
    [
      't.1.2,.5 1_000 0x1F 1st',
      'word 0 1, symbol 1 2, number 2 3, symbol 3 4, number 4 5, symbol 5 6, number 6 8, number 9 14, number 15 19, word 20 23',
    ],
    ['‘a’ “b”', 'text 0 7, quotedName 8 15'],
    [".0x'4A'", 'number 0 2, text 2 7'],
    ['0b1.b', 'word 0 5'],
    ["$$$a$'$a$", 'symbol 0 1, symbol 1 2, text 2 9'],
    ["'a", 'unclosed 0 2'],
    ['/* a', 'unclosed 0 4'],
    ['a\u00a0b\ufeffc', 'word 0 1, word 3 4, word 7 8'],
  ])('reads %s', (sql, expected) => {
    const text = tokens(sql)
      .map((token) => token.join(' '))
      .join(', ');
    // Where a token that does not end begins does not matter.
    expect(text.replace(/unclosed \d+ \d+/, 'unclosed')).toBe(expected.replace(/unclosed \d+ \d+/, 'unclosed'));
  });
});

describe("beside ClickHouse's own lexer", () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await runEngine();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  // What is said of brackets, semicolons and keywords follows from where strings, names and comments are.
  const pieces = [
    [`' " \` \\ '' -- - /* */ // / # #! $ $$ $a$ x'4A' x' b'01' ‘ ’ “ ” − é`, '\n', '\t', ' ', '# ', '\0', '\u00a0'],
    ['a b x 1 0 e E . 1e 1. 0x 0b _ 1abc 1_000 0x1F 1e-5 p + ; ( ) [ ] { } , \\G @@ -> :: <=>', '\u2003', '\ufeff'],
    ['SELECT FORMAT INTO OUTFILE'],
  ].flatMap(([words = '', ...others]) => [...words.split(' '), ...others]);
  const soup = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));

  it('finds the same strings, names and ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(soup, { minLength: 100, maxLength: 100 }), async (texts) => {
        const own = texts.map((text) => quoted(tokens(text)));
        expect(own).toEqual(await tokensOfEngine(engine, texts));
      }),
      { numRuns: 20 },
    );
  });
});

/** Strings, quoted names, and that one of them or a comment does not end. */
function quoted(found: readonly Token[]): string[] {
  return found
    .filter(([kind]) => kind === 'text' || kind === 'quotedName' || kind === 'unclosed')
    .map(([kind, start, end]) => (kind === 'unclosed' ? 'unclosed' : `${kind} ${start} ${end}`));
}

const KINDS: Readonly<Record<string, string>> = {
  StringLiteral: 'text',
  HereDoc: 'text',
  QuotedIdentifier: 'quotedName',
};

async function tokensOfEngine(engine: RunningEngine, texts: readonly string[]): Promise<string[][]> {
  const result = await engine.client.query({
    query: 'SELECT tokenizeQuery(text) AS tokens FROM (SELECT arrayJoin({texts:Array(String)}) AS text)',
    query_params: { texts },
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_named_tuples_as_objects: 0 },
    use_multipart_params: true,
  });
  const rows = await result.json<[readonly [number, number, string][]]>();
  return rows.map(([found]) => {
    const own: Token[] = found.map(([start, end, type]) => {
      const kind = type.endsWith('NotClosed') ? 'unclosed' : (KINDS[type] ?? type);
      return [kind, start, end];
    });
    const unclosed = own.findIndex(([kind]) => kind === 'unclosed');
    return quoted(unclosed < 0 ? own : own.slice(0, unclosed + 1));
  });
}
