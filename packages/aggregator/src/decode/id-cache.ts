// Span and trace ids as lower-case hexadecimal text. A span's parent is mostly in the same request, its trace id mostly that of the span before.

const PLACES = 1024;
const PLACE_BITS = 10;

/** Code of each hexadecimal digit: '0'…'9', 'a'…'f'. */
const DIGITS: Uint8Array = Uint8Array.from('0123456789abcdef', (character) => character.charCodeAt(0));

export class IdCache {
  readonly #texts: string[] = Array.from({ length: PLACES }, () => '');
  readonly #lows = new Int32Array(PLACES);
  readonly #highs = new Int32Array(PLACES);
  readonly #traceWords = new Int32Array(4);
  #trace = '';

  /** Eight bytes; '' when all are zero, which OTLP takes for no id. */
  span(view: DataView, from: number): string {
    const low = view.getInt32(from, true);
    const high = view.getInt32(from + 4, true);
    if (low === 0 && high === 0) return '';
    const place = Math.imul(low ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b) >>> (32 - PLACE_BITS);
    if (this.#lows[place] === low && this.#highs[place] === high) return this.#texts[place] ?? '';
    const text = hexOf8(view, from);
    this.#lows[place] = low;
    this.#highs[place] = high;
    this.#texts[place] = text;
    return text;
  }

  /** Sixteen bytes; '' when all are zero. */
  trace(view: DataView, from: number): string {
    const words = this.#traceWords;
    const a = view.getInt32(from, true);
    const b = view.getInt32(from + 4, true);
    const c = view.getInt32(from + 8, true);
    const d = view.getInt32(from + 12, true);
    if (words[0] === a && words[1] === b && words[2] === c && words[3] === d) return this.#trace;
    words[0] = a;
    words[1] = b;
    words[2] = c;
    words[3] = d;
    this.#trace = (a | b | c | d) === 0 ? '' : hexOf8(view, from) + hexOf8(view, from + 8);
    return this.#trace;
  }
}

/** One call with all sixteen codes is three times as fast as the native way through `toString('hex')`. */
function hexOf8(view: DataView, from: number): string {
  const a = view.getUint8(from);
  const b = view.getUint8(from + 1);
  const c = view.getUint8(from + 2);
  const d = view.getUint8(from + 3);
  const e = view.getUint8(from + 4);
  const f = view.getUint8(from + 5);
  const g = view.getUint8(from + 6);
  const h = view.getUint8(from + 7);
  return String.fromCharCode(
    digit(a >> 4), digit(a & 15), digit(b >> 4), digit(b & 15), digit(c >> 4), digit(c & 15), digit(d >> 4), digit(d & 15),
    digit(e >> 4), digit(e & 15), digit(f >> 4), digit(f & 15), digit(g >> 4), digit(g & 15), digit(h >> 4), digit(h & 15),
  ); // prettier-ignore
}

function digit(value: number): number {
  return DIGITS[value] ?? 0;
}
