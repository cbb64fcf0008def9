// Which attribute of a record answers for which field, and which profiles its attributes point to.

import { type Field, FIELD_COUNT } from '@turnmeter/accounting';
import { type NameTable, Telling } from './name-table.ts';
import { NO_SLOT } from './slots.ts';

/** Of a field that nothing answers for: worse than any answer. */
const NO_ANSWER = 0x7fff_ffff;

export class Answers {
  /** Does any attribute mean anything: a field or a mark? */
  isTelling = false;
  readonly #names: NameTable;
  /** For each field `rank << 16 | slot` of the attribute that answers: the lowest number is the best, and of equals the first. */
  readonly #answers: Int32Array = new Int32Array(FIELD_COUNT).fill(NO_ANSWER);
  /** One bit for each profile that an attribute points to. */
  readonly #marks: Int32Array;

  constructor(names: NameTable) {
    this.#names = names;
    this.#marks = new Int32Array(names.markWords);
  }

  begin(): void {
    this.isTelling = false;
    this.#answers.fill(NO_ANSWER);
    for (let word = 0; word < this.#marks.length; word++) this.#marks[word] = 0;
  }

  /** Lets a slot answer for the field that its name spells, when it is the best so far. See {@link Telling}. */
  offer(slot: number, telling: number): void {
    const field = Telling.field(telling);
    if (field < 0) return;
    this.isTelling = true;
    const answer = (Telling.rank(telling) << 16) | slot;
    if (answer < (this.#answers[field] ?? NO_ANSWER)) this.#answers[field] = answer;
  }

  /** Would a name that tells this answer for its field? */
  wants(telling: number): boolean {
    const field = Telling.field(telling);
    return field >= 0 && Telling.rank(telling) < (this.#answers[field] ?? NO_ANSWER) >> 16;
  }

  mark(id: number): void {
    this.isTelling = true;
    for (let word = 0; word < this.#marks.length; word++)
      this.#marks[word] = (this.#marks[word] ?? 0) | this.#names.marksOf(id, word);
  }

  slotOf(field: Field): number {
    const answer = this.#answers[field] ?? NO_ANSWER;
    return answer === NO_ANSWER ? NO_SLOT : answer & 0xffff;
  }

  rankOf(field: Field): number {
    const answer = this.#answers[field] ?? NO_ANSWER;
    return answer === NO_ANSWER ? -1 : answer >> 16;
  }

  hasMark(profile: number): boolean {
    return ((this.#marks[profile >> 5] ?? 0) & (1 << (profile & 31))) !== 0;
  }
}
