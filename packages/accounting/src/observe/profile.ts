// What a producer profile is, and how the right one is found for a record.

import type { Draft } from './draft.ts';
import type { Scope, Signal, TelemetryRecord } from '../record/record.ts';

/**
 * One producer's dialect: how to tell its records, and what they say. It is chosen by what a record carries, not by who claims to
 * have written it; scope names only point to candidates.
 */
export interface Profile {
  /** Stable id, shown by `explain` and stored with each row: `openinference`, `ag2-classic`. */
  readonly name: string;
  /** For people: producer and versions. */
  readonly title: string;
  /** Attributes of which any one makes this profile a candidate. */
  readonly marks: readonly string[];
  /** Scope names that make it a candidate: exact, or a beginning followed by `*`. */
  readonly scopes?: readonly string[];
  /** Its scopes also tell what spans without any telling attribute are (a failed call may have none). @default false */
  readonly readsBare?: boolean;
  /** Signals all of whose records make it a candidate, for dialects that only the name of an event or a metric tells. */
  readonly signals?: readonly Signal[];
  /** The last word, where marks and scopes are not enough. Candidates are asked in the order of the list. */
  claims?(record: TelemetryRecord): boolean;
  /** Says what the record is. The draft already holds what all dialects share (`draft.ts`). */
  read(record: TelemetryRecord, draft: Draft): void;
}

/** An ordered list of profiles: the first that claims a record reads it; the last one takes what is left. */
export class ProfileList {
  readonly profiles: readonly Profile[];
  readonly #last: Profile;
  readonly #marks = new Map<string, number[]>();
  readonly #scopes = new Map<string, ScopePointers>();

  /** `profiles` ends with the one for records that no other claims. */
  constructor(profiles: readonly Profile[]) {
    const last = profiles.at(-1);
    if (last === undefined) throw new RangeError('no profiles: expected at least the one for unknown producers');
    this.profiles = profiles;
    this.#last = last;
    for (const [index, profile] of profiles.entries()) {
      for (const name of profile.marks) this.#marks.set(name, [...(this.#marks.get(name) ?? []), index]);
    }
  }

  /** Indexes of the profiles that an attribute points to; undefined for most attributes. */
  markedBy(attribute: string): readonly number[] | undefined {
    return this.#marks.get(attribute);
  }

  select(record: TelemetryRecord): Profile {
    const { attributes, signal } = record;
    const { candidates } = this.#pointersOf(record.scope);
    // By index, because every record passes here and iterators cost more than what they find.
    for (let index = 0; index < this.profiles.length; index++) {
      const profile = this.profiles[index];
      if (profile === undefined) continue;
      const isCandidate =
        candidates[index] === true ||
        (profile.marks.length > 0 && attributes.hasMark(index)) ||
        (profile.signals !== undefined && profile.signals.includes(signal));
      if (isCandidate && (profile.claims === undefined || profile.claims(record))) return profile;
    }
    return this.#last;
  }

  /** May a span of this scope be told by its name alone? `unknown` where no profile points to the scope at all. */
  readsBare(scope: Scope): boolean | 'unknown' {
    const { readsBare, candidates } = this.#pointersOf(scope);
    return readsBare || candidates.includes(true) ? readsBare : 'unknown';
  }

  #pointersOf(scope: Scope): ScopePointers {
    const known = this.#scopes.get(scope.name);
    if (known !== undefined) return known;
    const candidates = this.profiles.map((profile) =>
      (profile.scopes ?? []).some((one) => matchesScope(one, scope.name)),
    );
    const readsBare = this.profiles.some((profile, index) => profile.readsBare === true && candidates[index] === true);
    const pointers = { candidates, readsBare };
    // Scope names come from outside: past the bound they are matched each time instead of remembered.
    if (this.#scopes.size < SCOPES_REMEMBERED_MAX) this.#scopes.set(scope.name, pointers);
    return pointers;
  }
}

/** What a scope's name tells. */
interface ScopePointers {
  /** By index of the profile: does the scope point to it? */
  readonly candidates: readonly boolean[];
  readonly readsBare: boolean;
}

const SCOPES_REMEMBERED_MAX = 10_000;

function matchesScope(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
