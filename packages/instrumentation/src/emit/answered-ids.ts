/**
 * Answers that were counted, by the provider's id of them, so that the same call told by another witness (`recordCall` beside an
 * attached client) is not counted again. Each counted answer excuses one report: a server that gives every answer the same id is
 * still counted call by call.
 */
export class AnsweredIds {
  /** By id, in order of arrival: how many calls were counted that nobody has told again. */
  readonly #open = new Map<string, number>();
  readonly #idsMax: number;

  constructor(idsMax: number = IDS_MAX) {
    this.#idsMax = idsMax;
  }

  /** A call with this answer was counted. */
  counted(id: string | undefined): void {
    if (id === undefined || id === '') return;
    const before = this.#open.get(id) ?? 0;
    this.#open.delete(id);
    this.#open.set(id, before + 1);
    if (this.#open.size <= this.#idsMax) return;
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      break;
    }
  }

  /** Whether this report is about a call that was counted and not told again yet. */
  isRepeat(id: string | undefined): boolean {
    if (id === undefined) return false;
    const count = this.#open.get(id);
    if (count === undefined) return false;
    if (count === 1) this.#open.delete(id);
    else this.#open.set(id, count - 1);
    return true;
  }
}

/** A witness speaks within seconds; some 100 bytes each. */
const IDS_MAX = 10_000;
