// Brings the token numbers of a record into inclusive buckets.

import type { Note } from './notes.ts';
import { readCount } from './numbers.ts';
import type { Usage } from './observation.ts';
import type { Attributes, AttributeValue } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';

/** Whether a producer's `input` already holds the cached part; `auto` lets the record's own numbers decide. */
export type CacheBucket = 'inside' | 'beside' | 'auto';
/** Whether a producer's `output` already holds the reasoning part. */
export type ReasoningBucket = 'inside' | 'beside' | 'auto';

/** Token numbers as a producer wrote them, before their buckets are sorted out. */
export interface RawUsage {
  input?: number | undefined;
  output?: number | undefined;
  total?: number | undefined;
  cacheRead?: number | undefined;
  cacheWrite?: number | undefined;
  cacheWrite5m?: number | undefined;
  cacheWrite1h?: number | undefined;
  reasoning?: number | undefined;
  inputAudio?: number | undefined;
  outputAudio?: number | undefined;
  inputImage?: number | undefined;
  outputImage?: number | undefined;
}

export interface UsageReading {
  readonly usage: Usage | undefined;
  /** True when the data does not decide what a bucket means and a choice was made. */
  readonly isGuess: boolean;
  readonly notes: readonly Note[];
}

const PARTS: readonly (keyof RawUsage)[] = [
  'input',
  'output',
  'total',
  'cacheRead',
  'cacheWrite',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'inputAudio',
  'outputAudio',
  'inputImage',
  'outputImage',
];

/** Reads the usage fields of a record, each in its best spelling; faults of single numbers go to `notes`. */
export function readRawUsage(attributes: Attributes, notes: Note[]): RawUsage {
  const count = (field: Field): number | undefined => countOf(attributes.raw(field), notes);
  // Whole from the beginning: an object that grows shares the forms of all that grow, and V8 keeps its counts as floats when others do.
  return {
    input: count(Field.INPUT),
    output: count(Field.OUTPUT),
    total: count(Field.TOTAL),
    cacheRead: count(Field.CACHE_READ),
    cacheWrite: count(Field.CACHE_WRITE),
    cacheWrite5m: count(Field.CACHE_WRITE_5M),
    cacheWrite1h: count(Field.CACHE_WRITE_1H),
    reasoning: count(Field.REASONING),
    inputAudio: count(Field.INPUT_AUDIO),
    outputAudio: count(Field.OUTPUT_AUDIO),
    inputImage: count(Field.INPUT_IMAGE),
    outputImage: count(Field.OUTPUT_IMAGE),
  };
}

/** Sets one part from a value of any spelling, when there is one. */
export function setPart(raw: RawUsage, part: keyof RawUsage, value: AttributeValue | undefined, notes: Note[]): void {
  const count = countOf(value, notes);
  if (count !== undefined) raw[part] = count;
}

function countOf(value: AttributeValue | undefined, notes: Note[]): number | undefined {
  if (value === undefined) return undefined;
  const { value: count, fault } = readCount(value);
  if (fault !== undefined && !notes.includes(fault)) notes.push(fault);
  return count;
}

/** Adds what `more` knows and `raw` does not. */
export function fillFrom(raw: RawUsage, more: RawUsage): void {
  for (const part of PARTS) raw[part] ??= more[part];
}

/**
 * Sorts raw numbers into inclusive buckets.
 *
 * Cache beside the input: `{input: 100, cacheRead: 40, cacheWrite: 10}` → input 150. Reasoning beside the output (Gemini):
 * `{output: 50, reasoning: 20}` → output 70. Undefined when neither input nor output is known.
 */
export function normalizeUsage(
  raw: RawUsage,
  options: { cache: CacheBucket; reasoning: ReasoningBucket },
): UsageReading {
  const notes: Note[] = [];
  const split = sumOf(raw.cacheWrite5m, raw.cacheWrite1h);
  const cacheWrite = split === undefined ? raw.cacheWrite : Math.max(split, raw.cacheWrite ?? 0);
  const cached = (raw.cacheRead ?? 0) + (cacheWrite ?? 0);
  let input = raw.input ?? restOf(raw.total, raw.output);
  let output = raw.output ?? restOf(raw.total, raw.input);
  const reasoningBeside = isReasoningBeside(raw, options.reasoning);
  const cacheSide = sideOfCache(raw, cached, options.cache, reasoningBeside);
  if (input !== undefined && cacheSide.isBeside) {
    input += cached;
    if (options.cache === 'auto') notes.push('cache_beside_input');
  }
  if (output !== undefined && reasoningBeside) output += raw.reasoning ?? 0;
  if (input === undefined && output === undefined) return { usage: undefined, isGuess: false, notes };
  const usage: Usage = {
    input,
    output,
    cacheRead: raw.cacheRead,
    cacheWrite,
    cacheWrite1h: raw.cacheWrite1h,
    reasoning: raw.reasoning,
    inputAudio: raw.inputAudio,
    outputAudio: raw.outputAudio,
    inputImage: raw.inputImage,
    outputImage: raw.outputImage,
  };
  return { usage, isGuess: cacheSide.isGuess, notes };
}

/** The side that nobody named, where the total and the other side are known. */
function restOf(total: number | undefined, other: number | undefined): number | undefined {
  return total === undefined || other === undefined ? undefined : Math.max(0, total - other);
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}

/** `total = input + output + reasoning` says beside; more reasoning than output cannot be inside. */
function isReasoningBeside(raw: RawUsage, option: ReasoningBucket): boolean {
  if (option !== 'auto') return option === 'beside';
  const { input, output, total, reasoning } = raw;
  if (reasoning === undefined || reasoning === 0 || output === undefined) return false;
  if (total !== undefined && input !== undefined && total === input + output + reasoning) return true;
  return reasoning > output;
}

/**
 * Is the cached part beside the input? The record's own total tells when it includes the cache; a cached part that is larger than
 * the input cannot be inside. Otherwise inclusive, as the conventions say, marked as a guess.
 */
function sideOfCache(
  raw: RawUsage,
  cached: number,
  option: CacheBucket,
  reasoningBeside: boolean,
): { isBeside: boolean; isGuess: boolean } {
  const { input, output, total } = raw;
  if (option !== 'auto') {
    // A dialect that says "inside" is believed unless its own numbers contradict it.
    const isBeside = option === 'beside' || (input !== undefined && cached > input);
    return { isBeside, isGuess: option === 'inside' && isBeside };
  }
  if (cached === 0 || input === undefined) return { isBeside: false, isGuess: false };
  if (cached > input) return { isBeside: true, isGuess: false };
  const rest = (output ?? 0) + (reasoningBeside ? (raw.reasoning ?? 0) : 0);
  if (total !== undefined && total === input + rest + cached) return { isBeside: true, isGuess: false };
  if (total !== undefined && total === input + rest) return { isBeside: false, isGuess: false };
  return { isBeside: false, isGuess: true };
}
