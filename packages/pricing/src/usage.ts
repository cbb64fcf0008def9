/**
 * Token usage of one inference in inclusive buckets: whole numbers from 0 to 4,294,967,295; undefined = not known.
 * Parts are contained in their whole, as in the GenAI conventions: `input` ⊇ `cacheRead`, `cacheWrite`, audio, image and
 * video input; `cacheWrite` ⊇ `cacheWrite5m`, `cacheWrite1h`; `output` ⊇ `reasoning`, audio, image and video output.
 */
export interface TokenUsage {
  /** All prompt tokens, cached ones included. */
  readonly input?: number | undefined;
  /** All generated tokens, reasoning included. */
  readonly output?: number | undefined;
  /** Part of input read from a prompt cache. */
  readonly cacheRead?: number | undefined;
  /** Part of input written to a prompt cache, of any lifetime. */
  readonly cacheWrite?: number | undefined;
  /** Part of `cacheWrite` that lives five minutes. */
  readonly cacheWrite5m?: number | undefined;
  /** Part of `cacheWrite` that lives one hour. */
  readonly cacheWrite1h?: number | undefined;
  /** Part of output spent on reasoning. */
  readonly reasoning?: number | undefined;
  /** Part of input that is audio, cached or not. */
  readonly inputAudio?: number | undefined;
  /** Part of both `inputAudio` and `cacheRead`. */
  readonly cacheReadAudio?: number | undefined;
  /** Part of input that is images, cached or not. */
  readonly inputImage?: number | undefined;
  /** Part of both `inputImage` and `cacheRead`. */
  readonly cacheReadImage?: number | undefined;
  /** Part of input that is video. */
  readonly inputVideo?: number | undefined;
  /** Part of output that is audio. */
  readonly outputAudio?: number | undefined;
  /** Part of output that is images. */
  readonly outputImage?: number | undefined;
  /** Part of output that is video. */
  readonly outputVideo?: number | undefined;
  /** Part of output that is citations. */
  readonly outputCitation?: number | undefined;
}

/** The names of all counts of {@link TokenUsage}. */
export const USAGE_FIELDS: readonly (keyof TokenUsage)[] = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'inputAudio',
  'cacheReadAudio',
  'inputImage',
  'cacheReadImage',
  'inputVideo',
  'outputAudio',
  'outputImage',
  'outputVideo',
  'outputCitation',
];

/**
 * The disjoint buckets of text that have prices of their own. `input` and `output` are what is left of the wholes, `cacheWrite`
 * is what lives five minutes (or for a time nobody reported).
 */
export const TEXT_BUCKETS = ['input', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'output', 'reasoning'] as const;

/** One of the buckets that nearly every call has. */
export type TextBucket = (typeof TEXT_BUCKETS)[number];

/** The other disjoint buckets: what is not text, and citations. `inputAudio` and `inputImage` are what was not cached. */
export const MEDIA_BUCKETS = [
  'inputAudio',
  'cacheReadAudio',
  'inputImage',
  'cacheReadImage',
  'inputVideo',
  'outputAudio',
  'outputImage',
  'outputVideo',
  'outputCitation',
] as const;

/** One of the buckets that few calls have. */
export type MediaBucket = (typeof MEDIA_BUCKETS)[number];

/** All disjoint buckets. Each token of a call is in one of them. */
export const TOKEN_BUCKETS: readonly TokenBucket[] = [...TEXT_BUCKETS, ...MEDIA_BUCKETS];

/** One of the disjoint buckets. */
export type TokenBucket = TextBucket | MediaBucket;

/** Whether a bucket belongs to output; all others belong to input. */
export function isOutputBucket(bucket: TokenBucket): boolean {
  return bucket.startsWith('output') || bucket === 'reasoning';
}
