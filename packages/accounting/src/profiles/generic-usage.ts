// Usage of a record whose dialect nobody knows: single attributes of any spelling, an object, or a whole answer that holds one.

import { ATTR_CLAUDE_CODE_CACHE_CREATION_TOKENS, ATTR_CLAUDE_CODE_CACHE_READ_TOKENS } from '@turnmeter/semconv';
import { setUsage } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { findObject, isObject, type LiteralObject, parseObject } from '../observe/literal.ts';
import type { Note } from '../observe/notes.ts';
import { normalizeUsage, type RawUsage, readRawUsage } from '../observe/usage.ts';
import { findUsage } from '../observe/usage-search.ts';
import type { ShapedUsage } from '../observe/usage-shapes.ts';
import type { SpanRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { GUESSED_RANK, RENAMED_RANK, spellingOf } from '../vocabulary/spelling.ts';

/**
 * Sets the usage that a record tells in whatever way. `isCallLike`: its words speak of a model's call, so that a bare total is
 * believed to be one's.
 */
export function readAnyUsage(record: SpanRecord, draft: Draft, isCallLike: boolean): void {
  const notes: Note[] = [];
  const raw = readRawUsage(record.attributes, notes);
  const shaped = hasSides(raw) ? undefined : wholeUsage(record);
  if (shaped !== undefined) {
    setUsage(draft, shaped.raw, { ...cacheOf(record, draft, shaped.raw, shaped), reasoning: shaped.reasoning });
  } else if (hasSides(raw)) {
    draft.notes.push(...notes);
    setUsage(draft, raw, cacheOf(record, draft, raw));
  } else if (raw.total !== undefined && (isCallLike || draft.model !== '')) {
    // Which part was output nobody knows, but that it was spent is certain.
    draft.notes.push(...notes, 'only_total_reported');
    setUsage(draft, { ...raw, input: raw.total }, { isEstimated: true });
  }
}

function hasSides(raw: RawUsage): boolean {
  return raw.input !== undefined || raw.output !== undefined;
}

/** Usage as an object: a map or JSON, of itself or inside an answer. */
function wholeUsage({ attributes }: SpanRecord): ShapedUsage | undefined {
  // `tokens` and `token_usage` are totals in one dialect and objects in another.
  for (const field of [Field.USAGE_OBJECT, Field.TOTAL]) {
    const value = attributes.raw(field);
    const object = typeof value === 'string' ? (parseObject(value) ?? findInText(value)) : value;
    const shaped = isObject(object) ? findUsage(object) : undefined;
    if (shaped !== undefined) return shaped;
  }
  return undefined;
}

function findInText(text: string): LiteralObject | undefined {
  return findObject(text, 'usage') ?? findObject(text, 'usageMetadata') ?? findObject(text, 'usage_metadata');
}

/** Providers whose `input` holds the cached part, and those of whom it depends on the producer. */
const INSIDE = /openai|azure|gpt-|^o\d|gemini|google|vertex|groq|mistral|deepseek|x_?ai|grok|qwen|llama/i;
const BESIDE = /anthropic|claude/i;

/**
 * Where the cached part is. Numbers that decide it win; OpenAI and Google count it in; Anthropic counts it beside, which names that
 * nobody standardized most likely repeat. The rest is a guess and said to be one.
 */
function cacheOf(
  record: SpanRecord,
  draft: Draft,
  raw: RawUsage,
  shaped?: ShapedUsage,
): { cache: 'inside' | 'beside' | 'auto'; isEstimated?: boolean } {
  const who = `${draft.provider} ${draft.model}`.trim();
  const isBeside = BESIDE.test(who);
  if (!isBeside && INSIDE.test(who)) return { cache: 'inside' };
  // Objects keep a provider's own names, and with them what it means by them.
  if (shaped !== undefined && shaped.cache !== 'auto') return { cache: shaped.cache, isEstimated: who === '' };
  if (shaped !== undefined && isBeside && hasMovedCache(raw)) return { cache: 'auto', isEstimated: true };
  if (!normalizeUsage(raw, { cache: 'auto', reasoning: 'auto' }).isGuess) return { cache: 'auto' };
  return isBeside && hasRawNames(record) ? { cache: 'beside', isEstimated: true } : { cache: 'auto' };
}

/**
 * Does a total leave the cached part out, of which nobody knows whether it was put into the input before? MLflow 3.17 does, its
 * versions before did not, and only the newer ones tell the one-hour part.
 */
function hasMovedCache({ input, output, total, cacheRead, cacheWrite, cacheWrite1h }: RawUsage): boolean {
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  return cached > 0 && cacheWrite1h === undefined && total === (input ?? 0) + (output ?? 0);
}

/** Are the cached parts under names that no convention gave, or under the provider's own without a namespace? */
function hasRawNames({ attributes }: SpanRecord): boolean {
  const read = attributes.rankOf(Field.CACHE_READ);
  const write = attributes.rankOf(Field.CACHE_WRITE);
  return (
    Math.max(read, write) >= GUESSED_RANK || read % RENAMED_RANK === RAW_READ || write % RENAMED_RANK === RAW_WRITE
  );
}

const RAW_READ = spellingOf(ATTR_CLAUDE_CODE_CACHE_READ_TOKENS)?.rank;
const RAW_WRITE = spellingOf(ATTR_CLAUDE_CODE_CACHE_CREATION_TOKENS)?.rank;
