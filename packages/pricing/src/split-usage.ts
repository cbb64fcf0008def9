// In: usage in inclusive buckets, as reported. Out: the same tokens in disjoint buckets, each counted once.
// Refused, bucket by bucket and with a reason: counts that are negative, fractional or absurd.
import { NO_REASONS, Reason, withReason } from './reason.ts';
import { MEDIA_BUCKETS, USAGE_FIELDS, type MediaBucket, type TextBucket, type TokenUsage } from './usage.ts';

/** Tokens by disjoint bucket. */
interface SplitTokens extends Readonly<Record<TextBucket, number>> {
  /** Undefined if all of it is 0, as in nearly every call. */
  readonly media: Readonly<Record<MediaBucket, number>> | undefined;
}

/** Usage in disjoint buckets, with what is known about it. */
export interface SplitUsage extends SplitTokens {
  /** Sum of all input buckets: what context tiers look at. */
  readonly inputTotal: number;
  readonly outputTotal: number;
  /** Whether the whole was reported. */
  readonly inputKnown: boolean;
  readonly outputKnown: boolean;
  readonly cacheWriteTtlKnown: boolean;
  readonly reasons: readonly Reason[];
}

/** Splits usage into disjoint buckets. Never throws. */
export function splitUsage(usage: TokenUsage): SplitUsage {
  return splitPlainUsage(usage) ?? splitAnyUsage(usage);
}

/** All but a few calls: input and output known, text only, parts within their wholes. Undefined for the others. */
function splitPlainUsage(usage: TokenUsage): SplitUsage | undefined {
  const { input, output, cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0, reasoning = 0 } = usage;
  if (!isCount(input) || !isCount(output) || !isCount(cacheRead) || !isCount(reasoning) || hasMedia(usage)) {
    return undefined;
  }
  if (!isCount(cacheWrite) || !isCount(cacheWrite1h) || usage.cacheWrite5m !== undefined) {
    return undefined;
  }
  const uncached = input - cacheRead - cacheWrite;
  const visible = output - reasoning;
  const shortLived = cacheWrite - cacheWrite1h;
  if (uncached < 0 || visible < 0 || shortLived < 0) {
    return undefined;
  }
  return {
    input: uncached,
    cacheRead,
    cacheWrite: shortLived,
    cacheWrite1h,
    output: visible,
    reasoning,
    media: undefined,
    inputTotal: input,
    outputTotal: output,
    inputKnown: true,
    outputKnown: true,
    cacheWriteTtlKnown: cacheWrite === 0 || usage.cacheWrite1h !== undefined,
    reasons: NO_REASONS,
  };
}

/** A whole number that 32 bits hold. More tokens than that in one call are a mistake of whoever counted them. */
function isCount(value: number | undefined): value is number {
  return value !== undefined && value >>> 0 === value;
}

function hasMedia(usage: TokenUsage): boolean {
  return (
    isSome(usage.inputAudio) ||
    isSome(usage.outputAudio) ||
    isSome(usage.cacheReadAudio) ||
    isSome(usage.inputImage) ||
    isSome(usage.outputImage) ||
    isSome(usage.cacheReadImage) ||
    isSome(usage.inputVideo) ||
    isSome(usage.outputVideo) ||
    isSome(usage.outputCitation)
  );
}

/** Reported as 0 is as good as not reported here. */
function isSome(value: number | undefined): boolean {
  return value !== undefined && value !== 0;
}

function splitAnyUsage(reported: TokenUsage): SplitUsage {
  const { usage, isValid } = readCounts(reported);
  const write = splitCacheWrite(usage);
  const input = splitInput(usage, write.total);
  const output = splitOutput(usage);
  const media = { ...input.media, ...output.media };
  const issues = [isValid ? undefined : Reason.UsageInvalid, write.issue, ...input.issues, output.issue];
  return {
    input: input.rest,
    cacheRead: input.cacheRead,
    cacheWrite: write.shortLived,
    cacheWrite1h: write.oneHour,
    output: output.rest,
    reasoning: output.reasoning,
    media: MEDIA_BUCKETS.some((bucket) => media[bucket] > 0) ? media : undefined,
    inputTotal: input.total + write.total,
    outputTotal: output.total,
    inputKnown: usage.input !== undefined,
    outputKnown: usage.output !== undefined,
    cacheWriteTtlKnown: write.ttlKnown,
    reasons: issues.filter((issue) => issue !== undefined).reduce(withReason, NO_REASONS),
  };
}

/** The counts that make sense; the others are as good as not reported. */
function readCounts(reported: TokenUsage): { readonly usage: TokenUsage; readonly isValid: boolean } {
  const known = USAGE_FIELDS.filter((field) => reported[field] !== undefined && reported[field] !== null);
  const valid = known.filter((field) => isCount(reported[field]));
  const usage = Object.fromEntries(valid.map((field) => [field, reported[field]]));
  return { usage, isValid: valid.length === known.length };
}

interface CacheWriteSplit {
  readonly total: number;
  readonly shortLived: number;
  readonly oneHour: number;
  readonly ttlKnown: boolean;
  readonly issue: Reason | undefined;
}

function splitCacheWrite(usage: TokenUsage): CacheWriteSplit {
  const { cacheWrite5m = 0, cacheWrite1h: oneHour = 0 } = usage;
  const parts = cacheWrite5m + oneHour;
  const total = Math.max(usage.cacheWrite ?? parts, parts);
  return {
    total,
    shortLived: total - oneHour,
    oneHour,
    ttlKnown: total === parts || usage.cacheWrite1h !== undefined,
    issue: usage.cacheWrite !== undefined && usage.cacheWrite < parts ? Reason.PartsExceedWhole : undefined,
  };
}

type OutputMedia = 'outputAudio' | 'outputImage' | 'outputVideo' | 'outputCitation';

interface InputSplit {
  readonly rest: number;
  readonly cacheRead: number;
  readonly media: Readonly<Record<Exclude<MediaBucket, OutputMedia>, number>>;
  /** Without cache writes. */
  readonly total: number;
  readonly issues: readonly (Reason | undefined)[];
}

function splitInput(usage: TokenUsage, cacheWrite: number): InputSplit {
  const { inputVideo = 0, inputAudio = 0, inputImage = 0, cacheReadAudio, cacheReadImage } = usage;
  const cacheRead = Math.max(usage.cacheRead ?? 0, (cacheReadAudio ?? 0) + (cacheReadImage ?? 0));

  // Cached tokens of a modality are part of two buckets. Where their number is missing, they overlap only as far as the
  // whole forces them to: each token is charged once, and rather at the higher price.
  const beyond = Math.max(0, cacheRead + cacheWrite + inputAudio + inputImage + inputVideo - (usage.input ?? Infinity));
  const cachedAudio = cacheReadAudio ?? Math.min(beyond, inputAudio, cacheRead - (cacheReadImage ?? 0));
  const cachedImage =
    cacheReadImage ?? Math.max(0, Math.min(beyond - cachedAudio, inputImage, cacheRead - cachedAudio));
  const isAssumed =
    cacheRead > 0 &&
    ((inputAudio > 0 && cacheReadAudio === undefined) || (inputImage > 0 && cacheReadImage === undefined));

  const audio = Math.max(0, inputAudio - cachedAudio);
  const image = Math.max(0, inputImage - cachedImage);
  const parts = cacheRead + audio + image + inputVideo;
  const { rest, issue } = restOfWhole(usage.input, parts + cacheWrite);
  return {
    rest,
    cacheRead: cacheRead - cachedAudio - cachedImage,
    media: {
      inputAudio: audio,
      cacheReadAudio: cachedAudio,
      inputImage: image,
      cacheReadImage: cachedImage,
      inputVideo,
    },
    total: rest + parts,
    issues: [issue, isAssumed ? Reason.CachedMediaAssumed : undefined],
  };
}

interface OutputSplit {
  readonly rest: number;
  readonly reasoning: number;
  readonly media: Readonly<Record<OutputMedia, number>>;
  readonly total: number;
  readonly issue: Reason | undefined;
}

function splitOutput(usage: TokenUsage): OutputSplit {
  const { reasoning = 0, outputAudio = 0, outputImage = 0, outputVideo = 0, outputCitation = 0 } = usage;
  const parts = reasoning + outputAudio + outputImage + outputVideo + outputCitation;
  const { rest, issue } = restOfWhole(usage.output, parts);
  const media = { outputAudio, outputImage, outputVideo, outputCitation };
  return { rest, reasoning, media, total: rest + parts, issue };
}

/**
 * What a whole holds beside its parts. Parts that are larger than their whole cannot be inside it: the producer counts
 * exclusively (Anthropic's and Gemini's own buckets do), so the whole is what is left already, and nothing is charged too low.
 */
function restOfWhole(
  whole: number | undefined,
  parts: number,
): { readonly rest: number; readonly issue: Reason | undefined } {
  const rest = (whole ?? parts) - parts;
  return rest >= 0 ? { rest, issue: undefined } : { rest: whole ?? 0, issue: Reason.PartsExceedWhole };
}
