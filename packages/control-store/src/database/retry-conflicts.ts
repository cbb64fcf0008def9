import pRetry from 'p-retry';
import { Failure, describeFailure, failureOf } from './describe-failure.ts';

/** About ten seconds in all, with the waits below. */
const RETRIES_MAX = 500;
const WAIT_MS_MIN = 1;
const WAIT_MS_MAX = 20;

/** Does it again while only others are in the way. @throws ControlStoreError busy, unavailable */
export async function retryConflicts<Result>(attempt: () => Promise<Result>): Promise<Result> {
  try {
    return await pRetry(attempt, {
      retries: RETRIES_MAX,
      minTimeout: WAIT_MS_MIN,
      maxTimeout: WAIT_MS_MAX,
      randomize: true,
      shouldRetry: ({ error }) => failureOf(error) === Failure.CONFLICT,
    });
  } catch (error) {
    throw describeFailure(error);
  }
}
