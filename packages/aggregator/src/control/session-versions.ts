import { RecentMap } from './recent-map.ts';

/** Sessions that are remembered, some 200 bytes each. */
const SESSIONS_MAX = 100_000;

/**
 * Which version of its workflow a session ran, as guards told. The ledger does not keep what spans say of it
 * (`turnmeter.workflow.version`); of a session that no guard told of, and of all after a restart until guards tell again, nothing is known,
 * and what is expected is what all versions together cost.
 */
export class SessionVersions {
  readonly #versions = new RecentMap<string, string>(SESSIONS_MAX);

  learn(tenant: string, sessionId: string, version: string): void {
    this.#versions.set(`${tenant}\n${sessionId}`, version);
  }

  of(tenant: string, sessionId: string): string | undefined {
    return this.#versions.get(`${tenant}\n${sessionId}`);
  }
}
