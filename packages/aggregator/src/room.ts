// Who brings more than there is room for waits a moment, in the order in which they came: there is room again as soon as some of it is
// booked, while those who are sent away come back after seconds in which nobody brings anything.

export interface RoomOptions {
  readonly hasRoom: () => boolean;
  /** How long anybody waits at most. */
  readonly waitMsMax: number;
  /** What those are told who waited in vain. */
  readonly refusal: () => Error;
}

export class Room {
  readonly #options: RoomOptions;
  /** Called with whether there is room; in the order of insertion. */
  readonly #waiting = new Set<(hasRoom: boolean) => void>();

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** Runs `take`, which takes room before it returns, as soon as there is some. @throws the refusal if there is none in time */
  async enter<T>(take: () => T): Promise<T> {
    if (this.#isFull() && !(await this.#wait())) throw this.#options.refusal();
    try {
      return take();
    } finally {
      this.look();
    }
  }

  /** Lets in who has waited longest, if there is room by now. */
  look(): void {
    const [longest] = this.#waiting;
    if (longest !== undefined && this.#options.hasRoom()) longest(true);
  }

  /** Nobody passes by those who wait. */
  #isFull(): boolean {
    return this.#waiting.size > 0 || !this.#options.hasRoom();
  }

  #wait(): Promise<boolean> {
    return new Promise((resolve) => {
      const leave = (hasRoom: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(leave);
        resolve(hasRoom);
      };
      const timer = setTimeout(leave, this.#options.waitMsMax, false);
      this.#waiting.add(leave);
    });
  }
}
