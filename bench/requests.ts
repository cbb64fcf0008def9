// Requests that are never the same twice: the bytes of one payload with other ids and times, as a fleet of agents would send them.

import { makePayload, SPANS } from './payload.ts';

/** The ids of a payload begin with places for a number: 4 bytes of a trace id, 8 digits behind these texts. */
const NUMBERED_TEXTS = ['chatcmpl-', 'sess-'];

/** proto3 tags of `start_time_unix_nano` and `end_time_unix_nano` of a span, which fixed64 values follow. */
const TIME_TAGS: ReadonlySet<number | undefined> = new Set([0x39, 0x41]);

/** Makes requests of {@link SPANS} spans each. */
export class RequestForm {
  readonly #bytes: Buffer;
  readonly #traceIds: readonly number[];
  readonly #texts: readonly number[];
  readonly #times: readonly { readonly at: number; readonly afterStartNs: bigint }[];

  constructor(seed?: number) {
    const { protobuf, spans } = makePayload(seed);
    this.#bytes = protobuf;
    const traceIds = new Set(spans.map(({ traceId }) => traceId));
    this.#traceIds = [...traceIds].flatMap((id) => placesOf(protobuf, Buffer.from(id, 'hex')));
    this.#texts = NUMBERED_TEXTS.flatMap((text) => placesOf(protobuf, Buffer.from(text)).map((at) => at + text.length));
    const startNs = BigInt(spans[0]?.startMs ?? 0) * 1_000_000n;
    this.#times = [...new Set(spans.flatMap(({ startMs, endMs }) => [startMs, endMs]))].flatMap((ms) => {
      const fixed64 = Buffer.alloc(8);
      fixed64.writeBigUInt64LE(BigInt(ms) * 1_000_000n);
      return placesOf(protobuf, fixed64)
        .filter((at) => TIME_TAGS.has(protobuf[at - 1]))
        .map((at) => ({ at, afterStartNs: BigInt(ms) * 1_000_000n - startNs }));
    });
    if (this.#traceIds.length !== SPANS || this.#times.length !== 2 * SPANS) {
      throw new Error(`found ${this.#traceIds.length} trace ids and ${this.#times.length} times of ${SPANS} spans`);
    }
  }

  /** The request of that number, whose first span begins at a time. */
  fill(number: number, startMs: number): Buffer {
    const bytes = Buffer.from(this.#bytes);
    const digits = number.toString(16).padStart(8, '0');
    for (const at of this.#traceIds) bytes.writeUInt32BE(number, at);
    for (const at of this.#texts) bytes.write(digits, at, 'latin1');
    const startNs = BigInt(Math.round(startMs)) * 1_000_000n;
    for (const { at, afterStartNs } of this.#times) bytes.writeBigUInt64LE(startNs + afterStartNs, at);
    return bytes;
  }
}

function placesOf(bytes: Buffer, wanted: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}
