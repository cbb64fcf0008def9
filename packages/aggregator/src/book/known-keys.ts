// Remembers in a few bytes each which traces and response ids have left memory, so that storage is asked only when late news comes.

/** Share of the table that may be filled before a new one is begun. */
const LOAD_MAX = 0.7;

/**
 * A set of fingerprints with bounded memory. May say yes to a key that was never added (once in some billions, or when somebody
 * tries; storage is then asked in vain) and forgets the oldest keys when it has taken in twice its capacity.
 */
export class KnownKeys {
  readonly #capacity: number;
  #young: Table;
  #old: Table;

  /** `capacity`: keys kept at least, 8 bytes each and as much again while a new table fills. */
  constructor(capacity: number) {
    this.#capacity = 2 ** Math.ceil(Math.log2(Math.max(1024, capacity / LOAD_MAX)));
    this.#young = new Table(this.#capacity);
    this.#old = new Table(0);
  }

  /** `begun`: the hash of what comes before the key, which many keys have in common; see {@link hashOf}. */
  add(key: string, begun: Hash = NOTHING_YET): void {
    if (this.#young.size >= this.#capacity * LOAD_MAX) {
      this.#old = this.#young;
      this.#young = new Table(this.#capacity);
    }
    this.#young.add(fingerprint(hashOf(key, begun)));
  }

  has(key: string, begun: Hash = NOTHING_YET): boolean {
    if (this.#young.size === 0) return false;
    const wanted = fingerprint(hashOf(key, begun));
    return this.#young.has(wanted) || this.#old.has(wanted);
  }
}

/** 64 bits, never all 0. */
interface Fingerprint {
  readonly high: number;
  readonly low: number;
}

/** Open addressing, linear probing; two 32-bit halves a key, never both 0. */
class Table {
  readonly #slots: Uint32Array;
  readonly #mask: number;
  size = 0;

  constructor(capacity: number) {
    this.#slots = new Uint32Array(capacity * 2);
    this.#mask = capacity - 1;
  }

  add({ high, low }: Fingerprint): void {
    const at = this.#find(high, low);
    if (this.#slots[at] !== 0 || this.#slots[at + 1] !== 0) return;
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.size++;
  }

  has({ high, low }: Fingerprint): boolean {
    if (this.size === 0) return false;
    const at = this.#find(high, low);
    return this.#slots[at] !== 0 || this.#slots[at + 1] !== 0;
  }

  /** Slot of the key, or the free one where it would be. */
  #find(high: number, low: number): number {
    for (let index = low & this.#mask; ; index = (index + 1) & this.#mask) {
      const at = index * 2;
      const a = this.#slots[at];
      const b = this.#slots[at + 1];
      if ((a === 0 && b === 0) || (a === high && b === low)) return at;
    }
  }
}

/** A hash of a text as far as it is read: two independent multiplicative hashes, 32 bits each. */
export interface Hash {
  readonly a: number;
  readonly b: number;
}

const NOTHING_YET: Hash = { a: 0xdeadbeef, b: 0x41c6ce57 };

/** Hash of a text, or of one that goes on behind what is hashed already. */
export function hashOf(text: string, begun: Hash = NOTHING_YET): Hash {
  let { a, b } = begun;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return { a, b };
}

/** Spreads what the last characters changed over all bits (cyrb53's mixing). */
function fingerprint({ a, b }: Hash): Fingerprint {
  const high = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  const low = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return { high: (high | 1) >>> 0, low: low >>> 0 };
}
