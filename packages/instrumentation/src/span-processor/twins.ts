/**
 * Which records of others are about something that the recorder has told itself: by key of the record, how much of it. The law counts
 * one of the two; whichever that is, the recorder's metrics are out already.
 */
export class Twins {
  readonly #told = new Map<string, 'call' | 'everything'>();

  /** `hadUsage`: whether the recorder knew the tokens, too. */
  add(key: string, hadUsage: boolean): void {
    this.#told.set(key, hadUsage ? 'everything' : 'call');
  }

  delete(key: string): void {
    this.#told.delete(key);
  }

  of(key: string): 'call' | 'everything' | 'nothing' {
    return this.#told.get(key) ?? 'nothing';
  }
}
