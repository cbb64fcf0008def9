/**
 * Work in steps of about a millisecond at most, for those who have other things to do in between: each `yield` is a place to pause.
 * What it comes to does not depend on whether somebody does.
 */
export type Steps<Result> = Generator<undefined, Result>;

/** Takes all steps at once. */
export function takeSteps<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
