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

  add(key: string): void {
    if (this.#young.size >= this.#capacity * LOAD_MAX) {
      this.#old = this.#young;
      this.#young = new Table(this.#capacity);
    }
    this.#young.add(...fingerprint(key));
  }

  has(key: string): boolean {
    if (this.#young.size === 0) return false;
    const [high, low] = fingerprint(key);
    return this.#young.has(high, low) || this.#old.has(high, low);
  }
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

  add(high: number, low: number): void {
    const at = this.#find(high, low);
    if (this.#slots[at] !== 0 || this.#slots[at + 1] !== 0) return;
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.size++;
  }

  has(high: number, low: number): boolean {
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

/** Two independent multiplicative hashes of the text (cyrb53's mixing), 64 bits in all. */
function fingerprint(key: string): readonly [high: number, low: number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return [(a | 1) >>> 0, b >>> 0];
}
