// Stops what was started, the last first: nothing loses what it stands on.

import type { Logger } from 'pino';

export class Shutdown {
  readonly #steps: { readonly name: string; readonly stop: () => Promise<unknown> }[] = [];
  readonly #logger: Logger;
  #running: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(name: string, stop: () => Promise<unknown>): void {
    this.#steps.push({ name, stop });
  }

  /** Runs all steps, also after one that fails; a second call waits for the first. */
  run(): Promise<void> {
    this.#running ??= this.#runSteps();
    return this.#running;
  }

  async #runSteps(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.stop();
      } catch (error) {
        this.#logger.error({ err: error, part: step.name }, 'could not be stopped cleanly');
      }
    }
  }
}
