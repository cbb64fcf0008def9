// Comes in: counts as one wire shape has them. Goes out: the same tokens in inclusive buckets, parts inside their wholes.
// Refused: wholes that nothing was spent on, counts beyond what a row holds; both are noted.

import type { TokenUsage } from '@turnmeter/pricing';
import { Problem } from './answer-facts.ts';
import type { Notes } from './notes.ts';
import { COUNT_MAX } from './read-count.ts';

/** Counts as an answer has them, before their buckets are sorted out. */
export type RawUsage = { -readonly [Part in keyof TokenUsage]: TokenUsage[Part] } & {
  total?: number | undefined;
};

/** What a wire shape's wholes hold. */
export interface Buckets {
  /**
   * Whether the input holds the cached part. A shape that says `inside` is believed unless its numbers contradict it.
   * @default 'inside'
   */
  readonly cache?: 'inside' | 'beside';
  /** Whether the output holds the reasoning part; likewise. @default 'inside' */
  readonly reasoning?: 'inside' | 'beside';
  /** Whether what only the total holds are thoughts nobody named: `{input: 511, output: 146, total: 675}` of Gemini → 18. */
  readonly hasHiddenThoughts?: boolean;
}

const INSIDE: Buckets = {};

/** Sorts raw counts into inclusive buckets; `raw` is used up. Undefined when nothing is known of either side. */
export function inclusiveUsage(raw: RawUsage, notes: Notes, buckets: Buckets = INSIDE): TokenUsage | undefined {
  if (raw.cacheWrite5m !== undefined || raw.cacheWrite1h !== undefined) sumCacheWrites(raw);
  if (buckets.hasHiddenThoughts === true) findHiddenThoughts(raw);
  if (raw.total !== undefined) fillFromTotal(raw, raw.total);
  // The output first: the total that tells where the cached part is holds the reasoning too.
  settleOutput(raw, buckets, notes);
  settleInput(raw, buckets, notes);
  const usage = known(raw, notes);
  if ((usage.input ?? 0) === 0) return withoutPrompt(usage, notes);
  if (hasPartBeyondWhole(usage)) notes.add(Problem.PartExceedsWhole);
  return usage;
}

/** Adds usages up, field by field; a field that nobody knows stays unknown. */
export function sumUsages(usages: readonly (TokenUsage | undefined)[], notes: Notes): TokenUsage | undefined {
  const sum: RawUsage = {};
  for (const usage of usages) {
    if (usage === undefined) continue;
    for (const part of USAGE_PARTS) {
      const count = usage[part];
      if (count !== undefined) sum[part] = (sum[part] ?? 0) + count;
    }
  }
  const whole = known(sum, notes);
  return whole.input === undefined && whole.output === undefined ? undefined : whole;
}

function sumCacheWrites(raw: RawUsage): void {
  const split = (raw.cacheWrite5m ?? 0) + (raw.cacheWrite1h ?? 0);
  raw.cacheWrite = Math.max(split, raw.cacheWrite ?? 0);
}

/** Models of Google's and of xAI's count thoughts beside the answer; who passes their numbers on may forget them, but not the total. */
function findHiddenThoughts(raw: RawUsage): void {
  const { input, output, total, cacheRead } = raw;
  if (input === undefined || output === undefined || total === undefined || (raw.reasoning ?? 0) > 0) return;
  const rest = total - input - output;
  // A rest of just that size may as well be a cached part that was counted beside the input.
  if (rest <= 0 || rest === cacheRead) return;
  raw.reasoning = rest;
  raw.output = output + rest;
}

/** The side that nobody named, where the total and the other side are known. */
function fillFromTotal(raw: RawUsage, total: number): void {
  const { input, output } = raw;
  if (input === undefined && output !== undefined && total > output) raw.input = total - output;
  else if (output === undefined && input !== undefined && total >= input) raw.output = total - input;
  // An embedding has but one side, and Voyage calls it the total.
  else if (input === undefined && output === undefined) raw.input = total;
}

function settleInput(raw: RawUsage, { cache = 'inside' }: Buckets, notes: Notes): void {
  const cached = (raw.cacheRead ?? 0) + (raw.cacheWrite ?? 0);
  if (raw.input === undefined || cached === 0) return;
  if (cache === 'inside') {
    const isBeside = cached > raw.input || raw.total === raw.input + (raw.output ?? 0) + cached;
    if (!isBeside) return;
    notes.add(Problem.CacheBesideInput);
  }
  raw.input += cached;
}

function settleOutput(raw: RawUsage, { reasoning = 'inside' }: Buckets, notes: Notes): void {
  const { input, output, total, reasoning: thoughts = 0 } = raw;
  if (output === undefined || thoughts === 0) return;
  if (reasoning === 'inside') {
    const isBeside = thoughts > output || (input !== undefined && total === input + output + thoughts);
    if (!isBeside) return;
    if (thoughts > output) notes.add(Problem.ReasoningBesideOutput);
  }
  raw.output = output + thoughts;
}

/**
 * No prompt is empty: who was told nothing wrote a zero (LangChain's of a server that keeps its usage to itself). The same goes for
 * an input that was left out.
 */
function withoutPrompt(usage: RawUsage, notes: Notes): TokenUsage | undefined {
  if ((usage.output ?? 0) === 0) {
    if (Object.keys(usage).length > 0) notes.add(Problem.EmptyUsage);
    return undefined;
  }
  if (usage.input === 0) notes.add(Problem.InputNotReported);
  delete usage.input;
  if (hasPartBeyondWhole(usage)) notes.add(Problem.PartExceedsWhole);
  return usage;
}

function hasPartBeyondWhole(raw: TokenUsage): boolean {
  const { input, output } = raw;
  return (
    isBeyond(input, (raw.cacheRead ?? 0) + (raw.cacheWrite ?? 0)) ||
    isBeyond(raw.cacheWrite, (raw.cacheWrite5m ?? 0) + (raw.cacheWrite1h ?? 0)) ||
    isBeyond(output, raw.reasoning) ||
    (hasMediaInput(raw) &&
      (isBeyond(input, (raw.inputAudio ?? 0) + (raw.inputImage ?? 0) + (raw.inputVideo ?? 0)) ||
        isBeyond(raw.inputAudio, raw.cacheReadAudio) ||
        isBeyond(raw.inputImage, raw.cacheReadImage) ||
        isBeyond(raw.cacheRead, (raw.cacheReadAudio ?? 0) + (raw.cacheReadImage ?? 0)))) ||
    isBeyond(
      output,
      (raw.outputAudio ?? 0) + (raw.outputImage ?? 0) + (raw.outputVideo ?? 0) + (raw.outputCitation ?? 0),
    )
  );
}

function hasMediaInput(raw: TokenUsage): boolean {
  return (
    raw.inputAudio !== undefined ||
    raw.inputImage !== undefined ||
    raw.inputVideo !== undefined ||
    raw.cacheReadAudio !== undefined ||
    raw.cacheReadImage !== undefined
  );
}

function isBeyond(whole: number | undefined, part: number | undefined): boolean {
  return whole !== undefined && part !== undefined && part > whole;
}

/** Only what is known, so that a printed usage shows nothing else. Sums may have passed what a row holds. */
function known(raw: RawUsage, notes: Notes): RawUsage {
  const usage: RawUsage = {};
  for (const part of USAGE_PARTS) {
    const count = raw[part];
    if (count === undefined) continue;
    if (count <= COUNT_MAX) usage[part] = count;
    else notes.add(Problem.AbsurdTokens);
  }
  return usage;
}

const USAGE_PARTS = [
  'input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h', 'reasoning', 'inputAudio', 'cacheReadAudio',
  'inputImage', 'cacheReadImage', 'inputVideo', 'outputAudio', 'outputImage', 'outputVideo', 'outputCitation',
] as const satisfies readonly (keyof TokenUsage)[]; // prettier-ignore
