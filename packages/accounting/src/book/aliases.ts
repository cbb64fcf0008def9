// Other names of things: a sub-agent's own session id and the session it belongs to, an opaque agent id and the agent's name.

import type { Alias } from '../observe/observation.ts';

/** Sub-agents of sub-agents, and no circles. */
const CHAIN_MAX = 8;
/** One tenant's aliases; the oldest is forgotten. */
const ALIASES_MAX = 100_000;

export class Aliases {
  readonly #names = new Map<string, string>();

  /** Says whether it was news. The smallest name wins where two are given, so that their order does not matter. */
  add({ kind, from, to }: Alias): boolean {
    const key = `${kind}|${from}`;
    const known = this.#names.get(key);
    if (from === to || (known !== undefined && known <= to)) return false;
    this.#names.set(key, to);
    if (this.#names.size > ALIASES_MAX) this.#names.delete(this.#names.keys().next().value ?? '');
    return true;
  }

  get size(): number {
    return this.#names.size;
  }

  /** The outermost session that a session belongs to. */
  rootSession(session: string): string {
    let root = session;
    for (let steps = 0; steps < CHAIN_MAX; steps++) {
      const parent = this.#names.get(`session_parent|${root}`);
      if (parent === undefined) break;
      root = parent;
    }
    return root;
  }

  agentName(agentId: string): string {
    return this.#names.get(`agent_name|${agentId}`) ?? '';
  }
}
