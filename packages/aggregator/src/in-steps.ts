import { setImmediate as nextTurn } from 'node:timers/promises';

/** Takes steps of some work one by one; between them other requests are answered. */
export async function inSteps<Result>(steps: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await nextTurn();
  }
}
