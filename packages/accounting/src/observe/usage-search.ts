// Finds usage in objects of unknown shape: an attribute that holds all counts, or a whole answer with its usage somewhere inside.

import { guessCount } from '../vocabulary/guess-count.ts';
import { Field } from '../vocabulary/fields.ts';
import { wordsOf } from '../vocabulary/words.ts';
import { isObject, type Literal, type LiteralObject } from './literal.ts';
import type { Note } from './notes.ts';
import { type RawUsage, setPart } from './usage.ts';
import { readUsageObject, type ShapedUsage } from './usage-shapes.ts';

/** Answers nest their usage two or three deep; deeper objects are content. */
const DEPTH_MAX = 5;
/** Objects that are looked into: one answer has some dozens. */
const OBJECTS_MAX = 200;
/** Keys under which producers keep counts. */
const HOLDER =
  /^(usage|usage_?metadata|token_?usage|usage_?details|token_?counts?|tokens|metrics|billed_?units|value)$/i;

/** Usage that an object is, or has inside; undefined when there is none. */
export function findUsage(object: LiteralObject): ShapedUsage | undefined {
  return usageIn(object, { left: OBJECTS_MAX }, 0) ?? readUsageObject(object) ?? readByWords(object);
}

function usageIn(object: LiteralObject, budget: { left: number }, depth: number): ShapedUsage | undefined {
  if (depth > DEPTH_MAX || budget.left-- <= 0) return undefined;
  for (const [key, value] of Object.entries(object)) {
    if (!HOLDER.test(key) || !isObject(value)) continue;
    const shaped = readUsageObject(value) ?? usageIn(value, budget, depth + 1) ?? readByWords(value);
    if (shaped !== undefined) return shaped;
  }
  for (const value of Object.values(object).flatMap(innerObjects)) {
    const shaped = usageIn(value, budget, depth + 1);
    if (shaped !== undefined) return shaped;
  }
  return undefined;
}

function innerObjects(value: Literal): readonly LiteralObject[] {
  if (isObject(value)) return [value];
  return Array.isArray(value) ? value.slice(0, OBJECTS_MAX).filter(isObject) : [];
}

const PARTS: ReadonlyMap<Field, keyof RawUsage> = new Map<Field, keyof RawUsage>([
  [Field.INPUT, 'input'],
  [Field.OUTPUT, 'output'],
  [Field.TOTAL, 'total'],
  [Field.CACHE_READ, 'cacheRead'],
  [Field.CACHE_WRITE, 'cacheWrite'],
  [Field.CACHE_WRITE_5M, 'cacheWrite5m'],
  [Field.CACHE_WRITE_1H, 'cacheWrite1h'],
  [Field.REASONING, 'reasoning'],
]);

/** `{prompt_eval_count: 5, eval_count: 3}`, `{tokensIn: 5, tokensOut: 3}`: keys nobody listed, read by their words. */
function readByWords(object: LiteralObject): ShapedUsage | undefined {
  const raw: RawUsage = {};
  const notes: Note[] = [];
  for (const [key, value] of Object.entries(object).slice(0, OBJECTS_MAX)) {
    if (typeof value === 'object' || key.length > 60) continue;
    const part = PARTS.get(guessCount(['usage', ...wordsOf(key)])?.field ?? Field.KIND);
    if (part !== undefined && raw[part] === undefined) setPart(raw, part, value, notes);
  }
  const isUsage = raw.input !== undefined || raw.output !== undefined;
  return isUsage ? { raw, cache: 'auto', reasoning: 'auto' } : undefined;
}
