/** What is wrong with a field of a policy. */
export interface PolicyProblem {
  /** As it is written, `usd.warning`; empty where the whole is no policy. */
  readonly field: string;
  /** What was expected and what was received. */
  readonly message: string;
}

/** A received value for a message: typed, on one line, shortened. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : describeValue(value);
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX - 3)}...` : text;
}

const SHOWN_LENGTH_MAX = 80;

function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return Array.isArray(value) ? `an array of ${value.length}` : `a value of type ${typeof value}`;
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Who has more of them did not mean to write a policy. */
const UNKNOWN_FIELDS_MAX = 10;

/** Fields that nobody knows, each with the one that was probably meant. */
export function unknownFields(value: object, known: readonly string[], prefix: string): readonly PolicyProblem[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .slice(0, UNKNOWN_FIELDS_MAX)
    .map((name) => ({ field: `${prefix}${name.slice(0, SHOWN_LENGTH_MAX)}`, message: unknownName(name, known) }));
}

/** `no such field; did you mean "warning"?`, or all that there are. */
function unknownName(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, changes: changesBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, changes }) => changes <= Math.max(2, candidate.length / 3))
    .toSorted((a, b) => a.changes - b.changes);
  return nearest === undefined
    ? `no such field; expected one of ${known.join(', ')}`
    : `no such field; did you mean ${JSON.stringify(nearest.candidate)}?`;
}

/** Names that are longer are nobody's misspelling, and comparing takes the product of both lengths. */
const COMPARED_LENGTH_MAX = 40;

/** Levenshtein's distance: letters to insert, remove or replace. */
function changesBetween(from: string, to: string): number {
  if (from.length > COMPARED_LENGTH_MAX) return Infinity;
  let row = Array.from({ length: to.length + 1 }, (_, place) => place);
  for (let at = 1; at <= from.length; at++) {
    const next = [at];
    for (let place = 1; place <= to.length; place++) {
      const isSame = from[at - 1] === to[place - 1];
      next[place] = Math.min(
        (row[place] ?? 0) + 1,
        (next[place - 1] ?? 0) + 1,
        (row[place - 1] ?? 0) + (isSame ? 0 : 1),
      );
    }
    row = next;
  }
  return row[to.length] ?? Infinity;
}
