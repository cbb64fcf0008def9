// Attributes over a plain object, for records that are in memory already (OTLP/JSON, a span processor, a test).

import type { ProfileList } from '../observe/profile.ts';
import { FIELD_COUNT, type Field } from '../vocabulary/fields.ts';
import { spellingOf } from '../vocabulary/spelling.ts';
import { type Attributes, type AttributeValue, TEXT_LENGTH_MAX } from './record.ts';

/** Nested maps are read as dotted names down to this depth; deeper ones stay values. */
export const FLATTEN_DEPTH_MAX = 4;

export class ObjectAttributes implements Attributes {
  readonly isBare: boolean;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #best: (AttributeValue | undefined)[] = Array.from({ length: FIELD_COUNT });
  readonly #ranks: number[] = Array.from({ length: FIELD_COUNT }, () => -1);
  readonly #marks = new Set<number>();

  constructor(
    object: Readonly<Record<string, AttributeValue>> | ReadonlyMap<string, AttributeValue>,
    profiles: ProfileList,
  ) {
    const values = new Map<string, AttributeValue>(object instanceof Map ? object : Object.entries(object));
    for (const [name, value] of Array.from(values)) flatten(values, name, value, 0);
    this.#values = values;
    this.isBare = !this.#index(profiles);
  }

  /** Finds the best spelling of each field; says whether there was any field or mark. */
  #index(profiles: ProfileList): boolean {
    let isTelling = false;
    for (const [name, value] of this.#values) {
      for (const profile of profiles.markedBy(name) ?? []) this.#marks.add(profile);
      const spelling = spellingOf(name);
      if (spelling === undefined || value === null || value === '') continue;
      isTelling = true;
      const best = this.rankOf(spelling.field);
      if (best === -1 || spelling.rank < best) {
        this.#ranks[spelling.field] = spelling.rank;
        this.#best[spelling.field] = value;
      }
    }
    return isTelling || this.#marks.size > 0;
  }

  text(field: Field): string | undefined {
    const text = asText(this.#best[field]);
    return text === undefined || text.length <= TEXT_LENGTH_MAX ? text : text.slice(0, TEXT_LENGTH_MAX);
  }

  raw(field: Field): AttributeValue | undefined {
    return this.#best[field];
  }

  rankOf(field: Field): number {
    return this.#ranks[field] ?? -1;
  }

  get(name: string): AttributeValue | undefined {
    return this.#values.get(name);
  }

  string(name: string): string | undefined {
    return asText(this.#values.get(name));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }

  hasMark(profileIndex: number): boolean {
    return this.#marks.has(profileIndex);
  }
}

/** `{usage: {input: 5}}` is also read as `usage.input`; an attribute of that name itself goes before. */
function flatten(into: Map<string, AttributeValue>, name: string, value: AttributeValue, depth: number): void {
  if (!into.has(name)) into.set(name, value);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth >= FLATTEN_DEPTH_MAX) return;
  for (const [key, inner] of Object.entries(value)) flatten(into, `${name}.${key}`, inner, depth + 1);
}

/** Ids may be numbers (AG2's conversation ids are); other shapes are no text. */
function asText(value: AttributeValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return String(value);
  return undefined;
}
