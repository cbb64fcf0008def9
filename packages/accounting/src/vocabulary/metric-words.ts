// Reads what a metric counts from its name, its unit and the words in its attributes: metrics of tokens have many names.

import type { Attributes } from '../record/record.ts';
import { Field } from './fields.ts';
import { spellingOf } from './spelling.ts';

/** One kind of token; a metric point counts one. */
export type TokenPart = 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'reasoning';

/** Units that tokens are counted in; anything else (seconds, bytes, USD) is something else about them. */
const TOKEN_UNIT = /^(|1|\{?tokens?\}?|\{?count\}?|\{tok\})$/i;

/** Names whose answer is remembered; they come from outside and have no end. */
const REMEMBERED_MAX = 10_000;
const remembered = new Map<string, boolean>();
const keys = new Map<string, string>();

/** Can the metric be a count of tokens? `codex.turn.token_usage` in no unit can, `gen_ai.server.time_to_first_token` in `s` cannot. */
export function isAboutTokens(metric: string, unit: string): boolean {
  const key = `${unit} ${metric}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const answer =
    metric.length <= 200 && TOKEN_UNIT.test(unit) && /token|usage/i.test(metric) && !/cost|price/i.test(metric);
  if (remembered.size < REMEMBERED_MAX) remembered.set(key, answer);
  return answer;
}

/**
 * Is it the metric of that name? Prometheus spells names its own way and adds units and `_total`:
 * `claude_code_token_usage_tokens_total` is `claude_code.token.usage`.
 */
export function isMetric(metric: string, name: string): boolean {
  return metric === name || metricKey(metric) === metricKey(name);
}

/** A name without what naming schemes differ in. */
export function metricKey(metric: string): string {
  let key = keys.get(metric);
  if (key === undefined) {
    key = metric
      .slice(0, 200)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replace(/(_tokens?)?(_total)?$/, '');
    if (keys.size < REMEMBERED_MAX) keys.set(metric, key);
  }
  return key;
}

const PART_OF_FIELD: Partial<Record<Field, TokenPart>> = {
  [Field.INPUT]: 'input',
  [Field.OUTPUT]: 'output',
  [Field.CACHE_READ]: 'cacheRead',
  [Field.CACHE_WRITE]: 'cacheWrite',
  [Field.REASONING]: 'reasoning',
};

/** Kind of token that the words of a name mean: `strands.event_loop.input.tokens` → input. */
export function partInName(metric: string): TokenPart | undefined {
  const spelling = spellingOf(metric);
  return spelling === undefined ? undefined : PART_OF_FIELD[spelling.field];
}

/** Attributes that say which kind of token a point counts: `gen_ai.token.type`, `token_type`, `llm.usage.token_type`, `type`, `direction`. */
const TYPE_ATTRIBUTE = /(^|[._])(token[._]?type|type|kind|direction)$/i;

/** Kind of token that an attribute of the point names; undefined when none does. */
export function partInAttributes(attributes: Attributes): TokenPart | undefined {
  for (const name of attributes.names()) {
    if (!TYPE_ATTRIBUTE.test(name)) continue;
    const part = partOfType(attributes.string(name) ?? '');
    if (part !== undefined) return part;
  }
  return undefined;
}

const TYPES: readonly (readonly [RegExp, TokenPart])[] = [
  [/^(input|prompt|in|sent|request|tool)([._-]?tokens?)?$/, 'input'],
  [/^(output|completion|out|received|response|generated)([._-]?tokens?)?$/, 'output'],
  [/cache.*(write|creat)/, 'cacheWrite'],
  [/cache/, 'cacheRead'],
  [/^(reasoning|thinking|thought)/, 'reasoning'],
];

/** `cacheCreation`, `cached_input`, `reasoning_output`, `thought`, `prompt` → the part; `total` → undefined, it repeats the others. */
export function partOfType(type: string): TokenPart | undefined {
  const word = type.toLowerCase();
  return TYPES.find(([pattern]) => pattern.test(word))?.[1];
}
