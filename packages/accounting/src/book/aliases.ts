// Other names of things: a sub-agent's own session id and the session it belongs to, an opaque agent id and the agent's name.

import type { Alias, Observation } from '../observe/observation.ts';
import type { Trace } from './trace.ts';

/** Sub-agents of sub-agents, and no circles. */
const CHAIN_MAX = 8;
/** One tenant's aliases; the oldest is forgotten. */
const ALIASES_MAX = 100_000;
/** What an agent is called whose session belongs to another and that nobody named. */
const NAMELESS = 'subagent';

export class Aliases {
  readonly #names = new Map<string, string>();
  /** Sessions that belong to a session. */
  readonly #children = new Map<string, Set<string>>();
  /** Traces that name an id: mostly one, for which a set would be a waste. */
  readonly #users = new Map<string, Trace | Set<Trace>>();

  /** Remembers which ids a trace's record depends on. */
  use(trace: Trace, said: Observation): void {
    if (!usesAliases(said)) return;
    trace.aliasable ??= new Set();
    this.#addUser(said.session, trace, trace.aliasable);
    this.#addUser(said.conversation, trace, trace.aliasable);
    this.#addUser(said.agentId, trace, trace.aliasable);
  }

  #addUser(id: string, trace: Trace, known: Set<string>): void {
    if (id === '' || known.has(id)) return;
    known.add(id);
    const users = this.#users.get(id);
    if (users === undefined) this.#users.set(id, trace);
    else if (users instanceof Set) users.add(trace);
    else this.#users.set(id, new Set([users, trace]));
  }

  forget(trace: Trace): void {
    for (const id of trace.aliasable ?? []) {
      const users = this.#users.get(id);
      if (users instanceof Set) users.delete(trace);
      if (users === trace || (users instanceof Set && users.size === 0)) this.#users.delete(id);
    }
  }

  #usersOf(id: string): Iterable<Trace> {
    const users = this.#users.get(id) ?? NO_TRACES;
    return users instanceof Set ? users : [users];
  }

  /** Returns traces that have to be decided anew. The smallest name wins where two are given, so that their order does not matter. */
  add({ kind, from, to }: Alias): ReadonlySet<Trace> {
    const key = `${kind}|${from}`;
    const known = this.#names.get(key);
    if (from === to || (known !== undefined && known <= to)) return NO_TRACES;
    this.#names.set(key, to);
    if (kind === 'session_parent') getOrCreate(this.#children, to).add(from);
    if (this.#names.size > ALIASES_MAX) this.#dropOldest();
    return this.#usersBelow(from);
  }

  #dropOldest(): void {
    const [oldest, to] = this.#names.entries().next().value ?? ['', ''];
    this.#names.delete(oldest);
    const children = this.#children.get(to);
    children?.delete(oldest.slice(oldest.indexOf('|') + 1));
    if (children?.size === 0) this.#children.delete(to);
  }

  /** Traces that name an id or one that belongs to it over any number of steps. */
  #usersBelow(id: string): ReadonlySet<Trace> {
    const ids = new Set([id]);
    const traces = new Set<Trace>();
    for (const one of ids) {
      for (const trace of this.#usersOf(one)) traces.add(trace);
      for (const child of this.#children.get(one) ?? []) ids.add(child);
    }
    return traces;
  }

  /** The outermost session that a session belongs to; of a circle, which only a faulty producer makes, the smallest. */
  rootSession(session: string): string {
    const chain = [session];
    for (let root = session; chain.length <= CHAIN_MAX;) {
      const parent = this.#names.get(`session_parent|${root}`);
      if (parent === undefined) return root;
      const circleStart = chain.indexOf(parent);
      if (circleStart !== -1) return chain.slice(circleStart).toSorted()[0] ?? session;
      chain.push(parent);
      root = parent;
    }
    return chain.at(-1) ?? session;
  }

  /** Name of an agent known by an id; '' when there is none. A sub-session is an agent even if nobody told its name. */
  agentName(agentId: string): string {
    const name = this.#names.get(`agent_name|${agentId}`);
    return name ?? (this.#names.has(`session_parent|${agentId}`) ? NAMELESS : '');
  }
}

const NO_TRACES: Set<Trace> = new Set();

/** Can the record's session or agent have another name? Only producers who report in several signals use them. */
export function usesAliases({ authority, agentId }: Observation): boolean {
  return authority !== undefined || agentId !== '';
}

function getOrCreate<T>(map: Map<string, Set<T>>, key: string): Set<T> {
  let set = map.get(key);
  if (set === undefined) map.set(key, (set = new Set()));
  return set;
}
