/** What a token is, as far as finding the clauses of a statement needs it. */
export const TokenKind = {
  word: 'word',
  quotedName: 'quotedName',
  text: 'text',
  number: 'number',
  symbol: 'symbol',
  end: 'end',
  unclosed: 'unclosed',
} as const;

/** What a token is, as far as finding the clauses of a statement needs it. */
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/**
 * Walks over ClickHouse SQL token by token, comments and white space left out.
 *
 * It follows ClickHouse's own lexer to the byte (nested comments, heredocs, doubled and backslashed quotes, curly quotes,
 * `1e--5`), because what it takes for a string or a comment decides what is executed: the tests hold it against the
 * engine's `tokenizeQuery`. It works on bytes, since what follows an INSERT's head may be binary. The current token is the
 * lexer's own state, so that a statement of many megabytes costs no object per token.
 */
export class Lexer {
  kind: TokenKind = TokenKind.symbol;
  start = 0;
  end = 0;
  readonly #sql: Uint8Array;
  #previousAllowsDot = false;
  #previousIsDot = false;

  constructor(sql: Uint8Array, from = 0) {
    this.#sql = sql;
    this.end = from;
  }

  /** Moves to the next token and tells its kind. */
  next(): TokenKind {
    this.#previousAllowsDot =
      this.kind === TokenKind.word ||
      this.kind === TokenKind.quotedName ||
      this.kind === TokenKind.number ||
      this.is(')') ||
      this.is(']');
    this.#previousIsDot = this.is('.');
    const at = this.#skipBlanks(this.end);
    if (this.kind === TokenKind.unclosed) return this.kind;
    this.start = at;
    this.end = at;
    if (at >= this.#sql.length) this.kind = TokenKind.end;
    else this.#read(at);
    return this.kind;
  }

  /** Whether the current token is this one character. */
  is(symbol: string): boolean {
    return (
      this.kind === TokenKind.symbol && this.end === this.start + 1 && this.#sql[this.start] === symbol.charCodeAt(0)
    );
  }

  /** Whether the current token is this keyword, in any case. */
  isWord(upperCase: string): boolean {
    return this.kind === TokenKind.word && this.end - this.start === upperCase.length && this.word() === upperCase;
  }

  /** The current token in upper case: a keyword, if it is one. Words are short, so this is cheap. */
  word(): string {
    return this.raw().toUpperCase();
  }

  /** The current token as it stands. */
  raw(): string {
    return Buffer.from(this.#sql.buffer, this.#sql.byteOffset + this.start, this.end - this.start).toString('latin1');
  }

  #read(at: number): void {
    const first = this.#sql[at] ?? 0;
    if (first === QUOTE) this.#take(TokenKind.text, this.#quoted(at, QUOTE));
    else if (first === DOUBLE_QUOTE || first === BACKTICK) this.#take(TokenKind.quotedName, this.#quoted(at, first));
    else if (isDigit(first) || (first === DOT && this.#startsFraction(at))) this.#number(at);
    else if (first === DOLLAR && this.#heredocEnd(at) > 0) this.#take(TokenKind.text, this.#heredocEnd(at));
    else if (this.#startsCodedString(at, first)) this.#take(TokenKind.text, this.#codedString(at, first));
    else if (isWordByte(first) || this.#startsDollarName(at)) this.#take(TokenKind.word, this.#wordEnd(at));
    else if (this.#curlyQuote(at) > 0) this.#curlyQuoted(at);
    else this.#take(TokenKind.symbol, first === BACKSLASH && this.#sql[at + 1] === UPPER_G ? at + 2 : at + 1);
  }

  #take(kind: TokenKind, end: number): void {
    this.kind = end === NOT_CLOSED ? TokenKind.unclosed : kind;
    this.end = end === NOT_CLOSED ? this.#sql.length : end;
  }

  #skipBlanks(from: number): number {
    const sql = this.#sql;
    let at = from;
    while (at < sql.length) {
      const blank = blankLength(sql, at);
      if (blank > 0) {
        at += blank;
        continue;
      }
      const comment = this.#commentEnd(at);
      if (comment === at) return at;
      if (comment < 0) {
        this.#take(TokenKind.unclosed, NOT_CLOSED);
        return sql.length;
      }
      at = comment;
    }
    return at;
  }

  /** The end of the comment that starts here; `at` itself if none does. */
  #commentEnd(at: number): number {
    const sql = this.#sql;
    const first = sql[at];
    const second = sql[at + 1];
    const isLine =
      (first === MINUS && second === MINUS) ||
      (first === SLASH && second === SLASH) ||
      (first === HASH && (second === SPACE || second === EXCLAMATION));
    if (isLine) {
      const newline = sql.indexOf(NEWLINE, at);
      return newline < 0 ? sql.length : newline;
    }
    if (first !== SLASH || second !== ASTERISK) return at;
    let depth = 1;
    for (let i = at + 2; i + 2 <= sql.length; i++) {
      if (sql[i] === SLASH && sql[i + 1] === ASTERISK) depth++;
      else if (sql[i] === ASTERISK && sql[i + 1] === SLASH) depth--;
      else continue;
      i++;
      if (depth === 0) return i + 1;
    }
    return NOT_CLOSED;
  }

  /** A quote ends a string unless it is doubled or follows a backslash: `'it''s'`, `'it\'s'`. */
  #quoted(at: number, quote: number): number {
    const sql = this.#sql;
    for (let i = at + 1; i < sql.length; i++) {
      if (sql[i] === BACKSLASH) i++;
      else if (sql[i] === quote && sql[i + 1] === quote) i++;
      else if (sql[i] === quote) return i + 1;
    }
    return NOT_CLOSED;
  }

  /** `x'4A'` and `b'01'`: no escapes inside, nothing but digits. */
  #startsCodedString(at: number, first: number): boolean {
    const letter = first | LOWER_CASE;
    return (letter === LOWER_X || letter === LOWER_B) && this.#sql[at + 1] === QUOTE && at + 2 < this.#sql.length;
  }

  #codedString(at: number, first: number): number {
    const isDigitHere = (first | LOWER_CASE) === LOWER_X ? isHexDigit : isBinaryDigit;
    let i = at + 2;
    while (isDigitHere(this.#sql[i] ?? 0)) i++;
    return this.#sql[i] === QUOTE ? i + 1 : NOT_CLOSED;
  }

  /** `$tag$ anything $tag$`, the tag possibly empty; 0 if this is no heredoc but a name with a dollar sign. */
  #heredocEnd(at: number): number {
    const sql = this.#sql;
    let tagEnd = at + 1;
    while (isWordByte(sql[tagEnd] ?? 0)) tagEnd++;
    if (sql[tagEnd] !== DOLLAR) return 0;
    const tag = Buffer.from(sql.buffer, sql.byteOffset + at, tagEnd + 1 - at);
    const close = Buffer.from(sql.buffer, sql.byteOffset, sql.length).indexOf(tag, tagEnd + 1);
    return close < 0 ? 0 : close + tag.length;
  }

  #wordEnd(at: number): number {
    let i = at + 1;
    while (isWordByte(this.#sql[i] ?? 0) || this.#sql[i] === DOLLAR) i++;
    return i;
  }

  /** Byte 0x98 for ‘, 0x9c for “, else 0. The closing one is the next code point. */
  #curlyQuote(at: number): number {
    const sql = this.#sql;
    const third = sql[at + 2] ?? 0;
    const opens = sql[at] === 0xe2 && sql[at + 1] === 0x80 && (third === 0x98 || third === 0x9c);
    return opens && at + 5 < sql.length ? third : 0;
  }

  #curlyQuoted(at: number): void {
    const opening = this.#curlyQuote(at);
    const closing = Buffer.from([0xe2, 0x80, opening + 1]);
    const found = Buffer.from(this.#sql.buffer, this.#sql.byteOffset, this.#sql.length).indexOf(closing, at + 3);
    this.#take(opening === 0x98 ? TokenKind.text : TokenKind.quotedName, found < 0 ? NOT_CLOSED : found + 3);
  }

  /** `$1` and `$a` are names, `$` before anything else stands for itself. */
  #startsDollarName(at: number): boolean {
    return this.#sql[at] === DOLLAR && isWordByte(this.#sql[at + 1] ?? 0);
  }

  /** `.5` is a number, but `t.5` and `).5` are an access to a tuple's element. */
  #startsFraction(at: number): boolean {
    return isDigit(this.#sql[at + 1] ?? 0) && !this.#previousAllowsDot;
  }

  #number(at: number): void {
    const sql = this.#sql;
    const base = sql[at] === ZERO ? (sql[at + 1] ?? 0) | LOWER_CASE : 0;
    const isHex = base === LOWER_X && isHexDigit(sql[at + 2] ?? 0);
    const isBinary = base === LOWER_B && isBinaryDigit(sql[at + 2] ?? 0);
    const isDigitHere = isHex ? isHexDigit : isDigit;
    let i = isHex || (isBinary && !this.#previousIsDot) ? at + 2 : at;
    const digits = (): void => {
      while (isDigitHere(sql[i] ?? 0) || (sql[i] === UNDERSCORE && isDigitHere(sql[i + 1] ?? 0))) i++;
    };
    digits();
    // After a dot only an integer: `t.1.2` is t . 1 . 2.
    if (!this.#previousIsDot) {
      if (sql[i] === DOT) {
        i++;
        digits();
      }
      if (((sql[i] ?? 0) | LOWER_CASE) === (isHex ? LOWER_P : LOWER_E) && i + 1 < sql.length) {
        i++;
        if ((sql[i] === MINUS || sql[i] === PLUS) && i + 1 < sql.length) i++;
        while (isDigit(sql[i] ?? 0)) i++;
      }
    }
    // `1st` is a name, `.5st` a number and a name; what is neither (`1.5x`) is an error that the engine reports.
    const isName = sql[at] !== DOT && isWordByte(sql[i] ?? 0);
    while (isName && isWordByte(sql[i] ?? 0)) i++;
    this.#take(isName ? TokenKind.word : TokenKind.number, i);
  }
}

/** The length of the white space that starts here, 0 if none does; the Unicode ones are those that ClickHouse skips. */
function blankLength(sql: Uint8Array, at: number): number {
  const first = sql[at] ?? 0;
  if (first === SPACE || (first >= 0x09 && first <= 0x0d)) return 1;
  if (first < 0xc2) return 0;
  const second = sql[at + 1] ?? 0;
  const third = sql[at + 2] ?? 0;
  if (first === 0xc2) return second === 0x85 || second === 0xa0 ? 2 : 0;
  const code = (first << 16) | (second << 8) | third;
  const isBlank = code === 0xe1a08e || (code >= 0xe28080 && code <= 0xe2808d) || OTHER_BLANKS.includes(code);
  return isBlank ? 3 : 0;
}

/** U+2028, U+2029, U+202F, U+205F, U+2060, U+3000 and the byte order mark, as their three bytes of UTF-8. */
const OTHER_BLANKS: readonly number[] = [0xe280a8, 0xe280a9, 0xe280af, 0xe2819f, 0xe281a0, 0xe38080, 0xefbbbf];

/** The end of a token or comment that has none. */
const NOT_CLOSED = -1;

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isBinaryDigit = (byte: number): boolean => byte === 0x30 || byte === 0x31;
const isHexDigit = (byte: number): boolean =>
  isDigit(byte) || ((byte | LOWER_CASE) >= 0x61 && (byte | LOWER_CASE) <= 0x66);
const isWordByte = (byte: number): boolean =>
  isDigit(byte) || byte === UNDERSCORE || ((byte | LOWER_CASE) >= 0x61 && (byte | LOWER_CASE) <= 0x7a);

const NEWLINE = 0x0a;
const SPACE = 0x20;
const EXCLAMATION = 0x21;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const DOLLAR = 0x24;
const QUOTE = 0x27;
const ASTERISK = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const UPPER_G = 0x47;
const BACKSLASH = 0x5c;
const UNDERSCORE = 0x5f;
const BACKTICK = 0x60;
/** The bit that makes an ASCII letter lower case. */
const LOWER_CASE = 0x20;
const LOWER_B = 0x62;
const LOWER_E = 0x65;
const LOWER_P = 0x70;
const LOWER_X = 0x78;
