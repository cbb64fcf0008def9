// Reads the structures that producers put into text attributes: JSON, Python's `repr` of dicts and of objects.

import type { AttributeValue } from '../record/record.ts';

/** Longer text is not usage; parsing stops being cheap (characters). */
const LENGTH_MAX = 64_000;
const DEPTH_MAX = 12;

export type Literal = AttributeValue;
export type LiteralObject = Readonly<Record<string, Literal>>;

/**
 * Value of a literal, undefined when the text is none. Understands JSON, and of Python single quotes, `None`, `True`, `False`, tuples
 * and object representations: `Usage(prompt_tokens=5, details=None)` → `{prompt_tokens: 5, details: null}`.
 */
export function parseLiteral(text: string): Literal | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const fast = parseJson(text);
  return fast === undefined ? new LiteralParser(text).parse() : fast;
}

/** As {@link parseLiteral}, for those who expect a map. */
export function parseObject(text: string | undefined): LiteralObject | undefined {
  const value = text === undefined || !/[{(]/.test(text.slice(0, 100)) ? undefined : parseLiteral(text);
  return isObject(value) ? value : undefined;
}

/**
 * Value of a key inside a text that is too long to parse, or was cut off: `…"usage":{"input_tokens":5}…`. The last occurrence counts,
 * because an answer's usage comes at its end.
 */
export function findObject(text: string, key: string): LiteralObject | undefined {
  const at = text.lastIndexOf(`"${key}"`);
  if (at === -1) return undefined;
  const from = /^\s*:\s*(?=\{)/.exec(text.slice(at + key.length + 2, at + key.length + 20))?.[0].length;
  if (from === undefined) return undefined;
  const value = new LiteralParser(text.slice(at + key.length + 2 + from, at + LENGTH_MAX)).parseBeginning();
  return isObject(value) ? value : undefined;
}

export function isObject(value: Literal | undefined): value is LiteralObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): Literal | undefined {
  try {
    return JSON.parse(text) as Literal;
  } catch {
    return undefined;
  }
}

class LiteralParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Literal | undefined {
    const value = this.#value(0);
    this.#space();
    return this.#at === this.#text.length ? value : undefined;
  }

  /** The value that the text begins with, whatever follows. */
  parseBeginning(): Literal | undefined {
    return this.#value(0);
  }

  #value(depth: number): Literal | undefined {
    if (depth > DEPTH_MAX) return undefined;
    this.#space();
    const next = this.#text[this.#at];
    if (next === '{') return this.#map('{', '}', ':', depth);
    if (next === '[') return this.#list('[', ']', depth);
    if (next === '(') return this.#list('(', ')', depth);
    if (next === '"' || next === "'") return this.#string(next);
    const word = /^[-+]?[A-Za-z0-9_.]+/.exec(this.#text.slice(this.#at, this.#at + 100))?.[0];
    if (word === undefined) return undefined;
    this.#at += word.length;
    if (this.#text[this.#at] === '(') return this.#map('(', ')', '=', depth);
    return wordValue(word);
  }

  #map(open: string, close: string, assign: string, depth: number): LiteralObject | undefined {
    // No prototype: keys come from outside.
    const map: Record<string, Literal> = Object.create(null) as Record<string, Literal>;
    this.#at += open.length;
    for (;;) {
      if (this.#take(close)) return map;
      const key = assign === '=' ? this.#name() : this.#value(depth + 1);
      if (key === undefined || key === null || typeof key === 'object' || !this.#take(assign)) return undefined;
      const value = this.#value(depth + 1);
      if (value === undefined) return undefined;
      map[String(key)] = value;
      if (!this.#take(',') && this.#peek() !== close) return undefined;
    }
  }

  #list(open: string, close: string, depth: number): readonly Literal[] | undefined {
    const list: Literal[] = [];
    this.#at += open.length;
    for (;;) {
      if (this.#take(close)) return list;
      const value = this.#value(depth + 1);
      if (value === undefined) return undefined;
      list.push(value);
      if (!this.#take(',') && this.#peek() !== close) return undefined;
    }
  }

  #string(quote: string): string | undefined {
    const from = ++this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      if (this.#text[this.#at] === '\\') this.#at++;
      else if (this.#text[this.#at] === quote) return this.#text.slice(from, this.#at++);
    }
    return undefined;
  }

  #name(): string | undefined {
    this.#space();
    const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#at, this.#at + 100))?.[0];
    this.#at += name?.length ?? 0;
    return name;
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += token.length;
    return true;
  }

  #peek(): string | undefined {
    this.#space();
    return this.#text[this.#at];
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }
}

function wordValue(word: string): Literal | undefined {
  if (word === 'None' || word === 'null') return null;
  if (word === 'True' || word === 'true') return true;
  if (word === 'False' || word === 'false') return false;
  const number = Number(word);
  return Number.isNaN(number) ? undefined : number;
}
