import type { Identity } from './identity.ts';
import { LiveSession } from './live-session.ts';
import { processState } from './process-state.ts';

/** The sessions of this process that are running or were lately. */
export class LiveSessions {
  /** In order of last use, the least recent first. */
  readonly #sessions = new Map<string, LiveSession>();
  readonly #sessionsMax: number;
  readonly #clock: () => number;

  constructor(sessionsMax: number = SESSIONS_MAX, clock: () => number = Date.now) {
    this.#sessionsMax = sessionsMax;
    this.#clock = clock;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The session's sums, new ones where it was not seen lately. Undefined without a session id. */
  of(identity: Identity): LiveSession | undefined {
    if (identity.session === undefined) return undefined;
    const key = keyOf(identity.session, identity.tenant);
    let live = this.#sessions.get(key);
    if (live === undefined) live = new LiveSession({ ...identity, agent: undefined }, this.#clock);
    else this.#sessions.delete(key);
    this.#sessions.set(key, live);
    if (this.#sessions.size > this.#sessionsMax) this.#forgetOne(live);
    return live;
  }

  find(session: string, tenant: string | undefined): LiveSession | undefined {
    return this.#sessions.get(keyOf(session, tenant));
  }

  /** The least recently used first. */
  all(): readonly LiveSession[] {
    return [...this.#sessions.values()];
  }

  /** Rather one that is not running; where all are, the one that was quiet the longest. */
  #forgetOne(exceptFor: LiveSession): void {
    let looked = 0;
    let oldest: string | undefined;
    for (const [key, live] of this.#sessions) {
      if (live === exceptFor) continue;
      oldest ??= key;
      if (!live.isRunning) {
        this.#sessions.delete(key);
        return;
      }
      if (++looked >= LOOKED_AT_MAX) break;
    }
    if (oldest !== undefined) this.#sessions.delete(oldest);
  }
}

/** The sessions of this process. */
export function liveSessions(): LiveSessions {
  return (processState().sessions ??= new LiveSessions());
}

/** Some 2 KB each. Whoever holds a chat keeps its figures; this bounds only those found by their id. */
const SESSIONS_MAX = 10_000;
/** So many running ones are passed over before the oldest goes anyway. */
const LOOKED_AT_MAX = 100;

function keyOf(session: string, tenant: string | undefined): string {
  return `${tenant ?? ''}\u0000${session}`;
}
