/** Who does what only one process should do at a time: evaluating alerts, sweeping what expired. */
export interface Locks {
  /**
   * Takes the lock, or keeps it for longer. True if the holder has it until `nowMs + ttlMs`. Clocks of the holders may differ by less
   * than the `ttlMs` they use.
   */
  hold(lock: {
    readonly name: string;
    readonly holder: string;
    readonly ttlMs: number;
    readonly nowMs: number;
  }): Promise<boolean>;
  /** Gives it back, if the holder has it. */
  release(lock: { readonly name: string; readonly holder: string }): Promise<void>;
}
