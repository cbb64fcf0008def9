// A start waits for the database: a server that starts beside us may need a minute longer, and an engine that crashed comes back.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { SaveError, SaveErrorCode } from '../save/save-error.ts';

export interface Patience {
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

const ATTEMPTS = 30;
const BETWEEN_ATTEMPTS_MS = 2000;

/** Does something that may be done again from the start, until it succeeds or fails with something else than that. */
export async function patiently<Result>(
  attempt: () => Promise<Result>,
  { logger, signal }: Patience,
  mayHeal: (error: SaveError) => boolean = isAway,
): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SaveError && mayHeal(error)) || count === ATTEMPTS) throw error;
      logger.warn({ attempt: count, of: ATTEMPTS, reason: error.message }, 'ClickHouse is not there yet');
      await sleep(BETWEEN_ATTEMPTS_MS, undefined, { signal });
    }
  }
}

/** Nobody answers. */
function isAway({ code }: SaveError): boolean {
  return code === SaveErrorCode.databaseUnavailable;
}
