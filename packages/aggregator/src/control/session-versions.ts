import { RecentMap } from './recent-map.ts';

/** Sessions that are remembered, some 200 bytes each. */
const SESSIONS_MAX = 100_000;

/** A session as far as it is booked. */
export interface BookedVersion {
  readonly sessionId: string;
  /** Empty where nothing that is booked says one. */
  readonly workflowVersion: string;
}

/**
 * Which version of its workflow a session runs. The ledger knows it from the session's spans; before the first of them is booked, guards have
 * told.
 */
export class SessionVersions {
  readonly #told = new RecentMap<string, string>(SESSIONS_MAX);

  learn(tenant: string, sessionId: string, version: string): void {
    this.#told.set(keyOf(tenant, sessionId), version);
  }

  of(tenant: string, { sessionId, workflowVersion }: BookedVersion): string | undefined {
    return workflowVersion !== '' ? workflowVersion : this.#told.get(keyOf(tenant, sessionId));
  }
}

/** No tenant has a line break in its name. */
function keyOf(tenant: string, sessionId: string): string {
  return `${tenant}\n${sessionId}`;
}
