// Who made the records: resources and scopes. One process sends the same resource again and again, so it is read once.

import {
  type AttributeValue,
  FLATTEN_DEPTH_MAX,
  ObjectAttributes,
  type ProfileList,
  type Resource,
  type Scope,
} from '@turnmeter/accounting';
import { isMap, type NamedValue, readKeyValue, type Reading, readText } from './any-value.ts';
import type { NameTable } from './name-table.ts';
import { DecodeNote } from './report.ts';
import type { Range, Wire } from './wire.ts';

/** Resources that are kept, the longest unused let go first; and the size up to which one is kept (bytes). */
const RESOURCES_MAX = 512;
const RESOURCE_BYTES_MAX = 16_384;

export const NO_SCOPE: Scope = Object.freeze({ name: '', version: '' });

export class Origins {
  readonly #profiles: ProfileList;
  readonly #names: NameTable;
  /** By the bytes themselves, as text of one character a byte. */
  readonly #resources = new Map<string, Resource>();

  constructor(profiles: ProfileList, names: NameTable) {
    this.#profiles = profiles;
    this.#names = names;
  }

  /** `pieces` is where the message lies; more than one piece is one message in parts. */
  resource(body: Wire, pieces: readonly Range[], reading: Reading): Resource {
    const { wire, from, to } = body.joined(pieces);
    if (to - from > RESOURCE_BYTES_MAX) return this.#read(wire, from, to, reading);
    const key = wire.bytes.toString('latin1', from, to);
    const resource = this.#resources.get(key) ?? this.#read(wire, from, to, reading);
    this.#resources.delete(key);
    this.#resources.set(key, resource);
    if (this.#resources.size > RESOURCES_MAX) this.#resources.delete(this.#resources.keys().next().value ?? '');
    return resource;
  }

  /** Resource: 1 attributes KeyValue, repeated, LENGTH. */
  #read(wire: Wire, from: number, to: number, reading: Reading): Resource {
    const pairs: NamedValue[] = [];
    wire.fields(from, to, (tag, at, end) => {
      if (tag === 0x0a) pairs.push(readKeyValue(wire, at, end, reading));
    });
    return this.resourceOf(pairs, reading);
  }

  /** A resource from names and values. It outlives its request, so its attributes are made into values at once. */
  resourceOf(pairs: Iterable<NamedValue>, reading: Reading): Resource {
    const attributes = new Map<string, AttributeValue>();
    for (const { name, value } of pairs) {
      if (attributes.has(name)) reading.tally.note(DecodeNote.DUPLICATE_ATTRIBUTE);
      else if (attributes.size === reading.limits.attributesMax) reading.tally.note(DecodeNote.ATTRIBUTES_OVER_LIMIT);
      else if (this.#names.takes(name, reading.tally))
        attributes.set(name, this.#withinLimits(name, value, reading, 0));
    }
    return { attributes: new ObjectAttributes(attributes, this.#profiles) };
  }

  /** Leaves out of maps what may not be looked at: `ObjectAttributes` reads them as dotted names. */
  #withinLimits(prefix: string, value: AttributeValue, reading: Reading, depth: number): AttributeValue {
    if (!isMap(value) || depth === FLATTEN_DEPTH_MAX) return value;
    const kept = Object.create(null) as Record<string, AttributeValue>;
    for (const [key, inner] of Object.entries(value)) {
      const name = `${prefix}.${key}`;
      if (this.#names.takes(name, reading.tally)) kept[key] = this.#withinLimits(name, inner, reading, depth + 1);
    }
    return kept;
  }

  /** InstrumentationScope: 1 name string LENGTH · 2 version string LENGTH. */
  scope(body: Wire, pieces: readonly Range[], reading: Reading): Scope {
    if (pieces.length === 0) return NO_SCOPE;
    const { wire, from, to } = body.joined(pieces);
    let name = '';
    let version = '';
    wire.fields(from, to, (tag, at, end) => {
      if (tag === 0x0a) name = readText(wire, at, end, reading);
      else if (tag === 0x12) version = readText(wire, at, end, reading);
    });
    return { name, version };
  }
}
