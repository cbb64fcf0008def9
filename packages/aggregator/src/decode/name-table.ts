// Attribute names by their bytes: which field a name spells, which profiles it points to. Names are learned when they are first seen,
// so that the hundredth span of a producer nobody has heard of costs no more than one of OpenAI's.

import { listedSpellings, type ProfileList, type Spelling, spellingOf } from '@turnmeter/accounting';
import { DecodeNote, type Tally } from './report.ts';

/** Names that are kept; beyond them a name is looked up as text. Producers have hundreds, an attacker has no end. */
export const NAMES_MAX = 4096;
/** Longer names spell nothing and are marked by nobody. */
const LENGTH_MAX = 256;
const PLACES = 16_384;
const PLACE_BITS = 14;
/** A name that finds no place within so many steps is looked up as text: names chosen to collide stay as cheap as any other. */
const STEPS_MAX = 8;

/** Answers instead of a number, for names that are not kept. */
export const UNKNOWN_NAME = -1;

// Three integers for each name, side by side.
const INFO = 3;
const LENGTH = 0;
const WORDS_AT = 1;
const TELLING = 2;

/**
 * What a name tells, in one integer: the field it spells plus 1 (0 = none) in the lowest eight bits, the rank of the spelling in
 * the next sixteen, and whether it is a profile's mark. 0 = nothing.
 */
export const Telling = {
  NOTHING: 0,
  MARK: 0x100_0000,
  of: (spelling: Spelling | undefined, isMark: boolean): number =>
    (spelling === undefined ? 0 : (spelling.rank << 8) | (spelling.field + 1)) | (isMark ? 1 << 24 : 0),
  field: (telling: number): number => (telling & 0xff) - 1,
  rank: (telling: number): number => (telling >> 8) & 0xffff,
} as const;

export class NameTable {
  /** Words of 32 bits that hold one bit for each profile. */
  readonly markWords: number;
  readonly #profiles: ProfileList;
  readonly #newNamesMax: number;
  #newNamesLeft: number;
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #info = new Int32Array(NAMES_MAX * INFO);
  readonly #marks: Int32Array;
  /** Number of the name + 1 by hash; 0 where a place is free. */
  readonly #places = new Int16Array(PLACES);
  /** Names as words of four bytes, one behind the other: the last four bytes first, then from the beginning. */
  #words = new Int32Array(NAMES_MAX * 4);
  #wordCount = 0;
  /** The name that last came behind each; the first place is for the beginning of a record. */
  readonly #followers = new Int16Array(NAMES_MAX + 1);

  constructor(profiles: ProfileList, newNamesMax: number) {
    this.#profiles = profiles;
    this.#newNamesMax = newNamesMax;
    this.#newNamesLeft = newNamesMax;
    this.markWords = Math.ceil(profiles.profiles.length / 32);
    this.#marks = new Int32Array(NAMES_MAX * this.markWords);
    this.#learnListed();
  }

  /** Begins a request. A table that names from outside have filled is emptied, or it would be useless for good. */
  beginRequest(): void {
    this.#newNamesLeft = this.#newNamesMax;
    if (this.#names.length < NAMES_MAX) return;
    this.#ids.clear();
    this.#names.length = 0;
    this.#places.fill(0);
    this.#followers.fill(0);
    this.#wordCount = 0;
    this.#learnListed();
  }

  /**
   * Number of the name at `from`, {@link UNKNOWN_NAME} when it is not kept by its bytes. `before` is the name in front of it:
   * producers write the same names in the same order, so the one that followed last time is tried first.
   */
  find(view: DataView, from: number, length: number, before: number): number {
    const expected = this.#followers[before + 1] ?? 0;
    return this.#isAt(expected, view, from, length) ? expected : this.#search(view, from, length, before);
  }

  #search(view: DataView, from: number, length: number, before: number): number {
    if (length < 4) return UNKNOWN_NAME;
    let place = placeOf(view.getInt32(from + length - 4, true), view.getInt32(from + (length >> 1) - 2, true), length);
    for (let step = 0; step < STEPS_MAX; step++) {
      const id = (this.#places[place] ?? 0) - 1;
      if (id < 0) return UNKNOWN_NAME;
      if (this.#isAt(id, view, from, length)) {
        this.#followers[before + 1] = id;
        return id;
      }
      place = (place + 1) & (PLACES - 1);
    }
    return UNKNOWN_NAME;
  }

  #isAt(id: number, view: DataView, from: number, length: number): boolean {
    if (this.#info[id * INFO + LENGTH] !== length) return false;
    const words = this.#words;
    let word = this.#info[id * INFO + WORDS_AT] ?? 0;
    // The last four bytes come first, for names differ at their ends; they overlap the word before them, so that no single bytes are left.
    const tail = from + length - 4;
    if (words[word] !== view.getInt32(tail, true)) return false;
    for (let at = from; at < tail; at += 4) {
      if (words[++word] !== view.getInt32(at, true)) return false;
    }
    return true;
  }

  /** Number of a name that is kept, or is kept from now on. */
  #idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    if (this.#names.length === NAMES_MAX || this.#newNamesLeft === 0) return UNKNOWN_NAME;
    this.#newNamesLeft--;
    return this.#learn(name);
  }

  /** Number of a name that is kept already. */
  knownId(name: string): number | undefined {
    return this.#ids.get(name);
  }

  nameOf(id: number): string {
    return this.#names[id] ?? '';
  }

  /** See {@link Telling}. */
  tellingOf(id: number): number {
    return this.#info[id * INFO + TELLING] ?? Telling.NOTHING;
  }

  /** Profiles that the name is a mark of, one bit each: those from `32 * word` on. */
  marksOf(id: number, word: number): number {
    return this.#marks[id * this.markWords + word] ?? 0;
  }

  /** What a name tells, kept or not; see {@link Telling}. */
  tellingOfName(name: string, tally: Tally): number {
    const id = this.#idOf(name);
    if (id !== UNKNOWN_NAME) return this.tellingOf(id);
    return this.takes(name, tally) ? Telling.of(spellingOf(name), false) : Telling.NOTHING;
  }

  /** May this name be looked at? Past the bound of new names in one request only those that are kept, and that is noted. */
  takes(name: string, tally: Tally): boolean {
    if (this.#idOf(name) !== UNKNOWN_NAME) return true;
    if (this.#newNamesLeft > 0) {
      this.#newNamesLeft--;
      return true;
    }
    tally.note(DecodeNote.NAMES_OVER_LIMIT);
    return false;
  }

  #learnListed(): void {
    const marks = this.#profiles.profiles.flatMap((profile) => profile.marks);
    for (const name of [...listedSpellings().keys(), ...marks]) if (!this.#ids.has(name)) this.#learn(name);
  }

  #learn(name: string): number {
    const id = this.#names.length;
    this.#names.push(name);
    this.#ids.set(name, id);
    const marks = this.#profiles.markedBy(name) ?? [];
    this.#info[id * INFO + TELLING] = Telling.of(spellingOf(name), marks.length > 0);
    this.#marks.fill(0, id * this.markWords, (id + 1) * this.markWords);
    for (const profile of marks) {
      const word = id * this.markWords + (profile >> 5);
      this.#marks[word] = (this.#marks[word] ?? 0) | (1 << (profile & 31));
    }
    this.#place(id, Buffer.from(name));
    return id;
  }

  /** Lets the name be found by its bytes, where there is a place left near its hash. */
  #place(id: number, bytes: Buffer): void {
    this.#info[id * INFO + LENGTH] = 0;
    if (bytes.length < 4 || bytes.length > LENGTH_MAX) return;
    const tail = bytes.length - 4;
    const last = bytes.readInt32LE(tail);
    let place = placeOf(last, bytes.readInt32LE((bytes.length >> 1) - 2), bytes.length);
    for (let step = 1; this.#places[place] !== 0; step++) {
      if (step === STEPS_MAX) return;
      place = (place + 1) & (PLACES - 1);
    }
    this.#places[place] = id + 1;
    this.#info[id * INFO + LENGTH] = bytes.length;
    this.#info[id * INFO + WORDS_AT] = this.#wordCount;
    this.#putWord(last);
    for (let at = 0; at < tail; at += 4) this.#putWord(bytes.readInt32LE(at));
  }

  #putWord(word: number): void {
    if (this.#wordCount === this.#words.length) {
      const wider = new Int32Array(this.#words.length * 2);
      wider.set(this.#words);
      this.#words = wider;
    }
    this.#words[this.#wordCount++] = word;
  }
}

function placeOf(last: number, middle: number, length: number): number {
  return Math.imul(last ^ Math.imul(middle, 0x9e37_79b1) ^ length, 0x85eb_ca6b) >>> (32 - PLACE_BITS);
}
