// Comes in: a request to a model, in whatever shape its API has. Goes out: the most tokens that it may be, without a tokenizer. Refused:
// nothing; what is too deep or too long is taken for as much as was seen so far, once more for the rest.

/** How large a prompt is at most. */
export interface RequestSize {
  /** An upper estimate. */
  readonly tokens: number;
  /** Whether parts of it are to be cached, which some providers bill above the plain rate. */
  readonly writesCache: boolean;
}

/**
 * Two bytes a token and some for each part: English text has four and more bytes a token, Chinese three bytes in one to two. What is no text
 * has a bound by its kind; what the provider holds itself (a file's id, a former response) is not in here.
 */
export function sizeOfRequest(...parts: readonly unknown[]): RequestSize {
  const walk = new Walk();
  for (const part of parts) walk.add(part, 0);
  return { tokens: Math.ceil(walk.tokens) + REQUEST_TOKENS, writesCache: walk.writesCache };
}

const REQUEST_TOKENS = 16;
const BYTES_PER_TOKEN = 2;
/** What an API puts around each message, part or tool. */
const PART_TOKENS = 4;
/** High-detail images are up to some 3,000 tokens at OpenAI and 1,600 at Anthropic and Google. */
const IMAGE_TOKENS = 3000;
/** Where only a reference is given. */
const FILE_TOKENS = 20_000;
/** Google counts 32 tokens a second of audio, of at least a kilobyte as base64. */
const AUDIO_BYTES_PER_TOKEN = 32;
/** Google counts some 300 tokens a second of video, of at least 20 kilobytes as base64. */
const VIDEO_BYTES_PER_TOKEN = 64;
const DEPTH_MAX = 64;
const NODES_MAX = 200_000;

const Medium = { IMAGE: 'image', AUDIO: 'audio', VIDEO: 'video', DOCUMENT: 'document' } as const;
type Medium = (typeof Medium)[keyof typeof Medium];

class Walk {
  tokens = 0;
  writesCache = false;
  #nodes = 0;

  add(value: unknown, depth: number): void {
    if (++this.#nodes > NODES_MAX || depth > DEPTH_MAX) {
      // Whoever sends so much has sent as much again, at the least, for all that is known.
      if (this.#nodes === NODES_MAX + 1) this.tokens *= 2;
      return;
    }
    if (typeof value === 'string') this.tokens += Buffer.byteLength(value) / BYTES_PER_TOKEN;
    else if (typeof value === 'number') this.tokens += 2;
    else if (Array.isArray(value)) for (const item of value as unknown[]) this.add(item, depth + 1);
    else if (typeof value === 'object' && value !== null) this.#addObject(value, depth);
  }

  #addObject(value: object, depth: number): void {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      this.tokens += FILE_TOKENS;
      return;
    }
    this.tokens += PART_TOKENS;
    const fields = value as Readonly<Record<string, unknown>>;
    const medium = mediumOf(fields);
    if (medium !== undefined) {
      this.tokens += tokensOfMedium(medium, payloadOf(value, 0));
      return;
    }
    for (const name in fields) {
      if (!Object.hasOwn(fields, name)) continue;
      if (name === 'cache_control') this.writesCache = true;
      this.tokens += name.length / BYTES_PER_TOKEN;
      this.add(fields[name], depth + 1);
    }
  }
}

/** Sample: `{type: 'input_image'}`, `{type: 'file', mediaType: 'audio/wav'}`, `{inlineData: {mimeType: 'video/mp4'}}`. */
function mediumOf(fields: Readonly<Record<string, unknown>>): Medium | undefined {
  const mime = fields['mimeType'] ?? fields['media_type'] ?? fields['mediaType'];
  if (typeof mime === 'string' && fields['data'] !== undefined) return mediumOfMime(mime);
  if (typeof mime === 'string' && fields['fileUri'] !== undefined) return mediumOfMime(mime);
  const { type } = fields;
  return typeof type === 'string' ? MEDIA.get(type) : undefined;
}

function mediumOfMime(mime: string): Medium {
  if (mime.startsWith('image')) return Medium.IMAGE;
  if (mime.startsWith('audio')) return Medium.AUDIO;
  return mime.startsWith('video') ? Medium.VIDEO : Medium.DOCUMENT;
}

const MEDIA: ReadonlyMap<string, Medium> = new Map([
  ['image', Medium.IMAGE],
  ['image_url', Medium.IMAGE],
  ['input_image', Medium.IMAGE],
  ['input_audio', Medium.AUDIO],
  ['audio', Medium.AUDIO],
  ['file', Medium.DOCUMENT],
  ['input_file', Medium.DOCUMENT],
  ['document', Medium.DOCUMENT],
]);

function tokensOfMedium(medium: Medium, bytes: number): number {
  if (medium === Medium.IMAGE) return IMAGE_TOKENS;
  if (bytes < REFERENCE_BYTES_MAX) return FILE_TOKENS;
  if (medium === Medium.AUDIO) return bytes / AUDIO_BYTES_PER_TOKEN;
  return bytes / (medium === Medium.VIDEO ? VIDEO_BYTES_PER_TOKEN : BYTES_PER_TOKEN);
}

/** An id or an address; a file itself is longer. */
const REFERENCE_BYTES_MAX = 512;

function payloadOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null || depth > 4) return 0;
  let bytes = 0;
  for (const item of Object.values(value)) bytes += payloadOf(item, depth + 1);
  return bytes;
}
