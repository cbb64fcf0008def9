// Text out of bytes. The names that a producer repeats on every span (models, agents, sessions) are made into a string once.

import { isUtf8 } from 'node:buffer';
import { DecodeNote, type Tally } from './report.ts';

/** Longer texts are not kept: ids and names are shorter, and prompts should not stay in memory. */
export const TEXT_KEPT_MAX = 64;
/** Places for kept texts: 4,096 × 64 bytes. A place is taken over by the next text that hashes to it, so it needs no bound. */
const PLACES = 4096;
const PLACE_BITS = 12;

export class TextCache {
  readonly #texts: string[] = Array.from({ length: PLACES }, () => '');
  readonly #lengths = new Uint8Array(PLACES);
  readonly #copies = new DataView(new ArrayBuffer(PLACES * TEXT_KEPT_MAX));
  /** Hash of the last text that was looked for at a place and not found: only one that comes twice in a row is kept. */
  readonly #candidates = new Int32Array(PLACES);

  /** The text of `length` bytes at `from`. Bytes are compared, so two texts with one hash are never mixed up. */
  read(bytes: Buffer, view: DataView, from: number, length: number, tally: Tally): string {
    if (length < 4 || length > TEXT_KEPT_MAX) return length === 0 ? '' : decodeText(bytes, from, from + length, tally);
    const hash = hashOf(view, from, length);
    const place = hash >>> (32 - PLACE_BITS);
    if (this.#lengths[place] === length && this.#holds(place, view, from, length)) return this.#texts[place] ?? '';
    const text = decodeText(bytes, from, from + length, tally);
    if (this.#candidates[place] === hash) this.#keep(place, text, bytes, from, length);
    this.#candidates[place] = hash;
    return text;
  }

  #holds(place: number, view: DataView, from: number, length: number): boolean {
    const copies = this.#copies;
    const copy = place * TEXT_KEPT_MAX;
    const tail = length - 4;
    // The last four bytes overlap the word before them, so that no length needs single bytes.
    if (copies.getInt32(copy + tail, true) !== view.getInt32(from + tail, true)) return false;
    for (let at = 0; at < tail; at += 4) {
      if (copies.getInt32(copy + at, true) !== view.getInt32(from + at, true)) return false;
    }
    return true;
  }

  #keep(place: number, text: string, bytes: Buffer, from: number, length: number): void {
    // Text with replaced bytes is decoded anew each time, so that each is counted.
    if (text.includes('\uFFFD')) return;
    this.#texts[place] = text;
    this.#lengths[place] = length;
    const copy = place * TEXT_KEPT_MAX;
    for (let at = 0; at < length; at++) this.#copies.setUint8(copy + at, bytes[from + at] ?? 0);
  }
}

function hashOf(view: DataView, from: number, length: number): number {
  const first = view.getInt32(from, true);
  const middle = view.getInt32(from + (length >> 1) - 2, true);
  const last = view.getInt32(from + length - 4, true);
  return Math.imul(Math.imul(first ^ length, 0x85eb_ca6b) ^ Math.imul(middle, 0x9e37_79b1) ^ last, 0xc2b2_ae35);
}

/** UTF-8 to text; what is none becomes U+FFFD and is counted. */
export function decodeText(bytes: Buffer, from: number, to: number, tally: Tally): string {
  const text = bytes.toString('utf8', from, to);
  // A producer may also have sent U+FFFD itself.
  if (text.includes('\uFFFD') && !isUtf8(bytes.subarray(from, to))) tally.note(DecodeNote.INVALID_UTF8);
  return text;
}

/** Where to cut so that at most `max` bytes stay and no character is cut in two. */
export function cutAt(bytes: Buffer, from: number, to: number, max: number): number {
  if (to - from <= max) return to;
  let end = from + max;
  // Continuation bytes are 10xxxxxx; a character has at most three of them.
  for (let step = 0; step < 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80; step++) end--;
  return end;
}
