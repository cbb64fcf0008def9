// One population of calls, several sources: per-call records, sums, metrics. The best that has data is booked, the others are witnesses
// that are compared and never added (design §3, point 12; cli-producers.md §2).

import type { Observation } from '../observe/observation.ts';
import { isServiceFamily, serviceFamily } from '../observe/service-family.ts';
import { disputedTopics, Topic, topicsOf } from './evidence.ts';
import { Population } from './population.ts';
import type { TraceNode } from './trace.ts';

/** Where no session tells the calls of a producer apart, the hour does: did a better source report calls of it then? */
const HOUR_US = 3_600_000_000;
/** A series that is older than this (hours) is judged by its end: years-old start times are faults. */
const HOURS_MAX = 24 * 31;
/** Populations all of whose records have left memory, kept to judge late records by. */
const LEFT_MAX = 100_000;

/** Places that plain calls are entered in, remembered; dropped all at once. */
const PLAIN_SLOTS_MAX = 1000;

/** Where a record's evidence is entered, and where it looks for better. */
export interface Membership {
  /** Of a series: the point that it was entered for, which a later one may take the place of. */
  readonly point: Observation | undefined;
  readonly session: string;
  readonly rank: number;
  /** Slots by key of the population. */
  readonly slots: ReadonlyMap<string, readonly string[]>;
  readonly watched: string;
}

/** What plain calls have in common that share a membership. */
interface PlainRun {
  readonly topics: readonly Topic[];
  readonly hour: number;
  readonly process: string;
  readonly membership: Membership;
}

/** That a source reported calls which are in memory no more: of a session, and in an hour. */
export interface KnownSource {
  /** `authority` of its records; '' and -1 for records that stand for themselves. */
  readonly family: string;
  readonly rank: number;
  readonly service: string;
  /** '' while none is known. */
  readonly session: string;
  /** Beginning of the hour in which the calls ended, µs. */
  readonly hourUs: number;
}

/** One tenant's populations, by producer and session, and by service and hour. */
export class Populations {
  readonly #populations = new Map<string, Population>();
  readonly #plainSlots = new Map<string, Membership['slots']>();
  /** Calls come in runs of one process and session, all of which are one membership. */
  #lastPlain: PlainRun | undefined;
  /** Keys of populations that have no record in memory, in the order they were left. */
  readonly #left = new Set<string>();

  /**
   * Enters a record under the session it is known to belong to by now. Returns records whose standing may have changed: a better
   * source appeared, or the only better one moved away.
   */
  enter(node: TraceNode, said: Observation, session: string): readonly TraceNode[] {
    const known = node.membership;
    if (known !== undefined && known.session === session && known.point === pointOf(said)) return NONE;
    const next = said.authority === undefined ? this.#plainMembership(said, session) : membershipOf(said, session);
    if (next.slots.size === 0 && known === undefined) return NONE;
    node.membership = next;
    if (known !== undefined && isSamePlace(known, next)) return NONE;
    const changed = new Set<Population>();
    if (known !== undefined) this.#leave(node, known, changed);
    for (const [key, slots] of next.slots) {
      const population = this.#populationOf(key);
      population.size++;
      for (const slot of slots) if (population.add(slot, next.rank)) changed.add(population);
    }
    if (next.watched !== '') this.#populationOf(next.watched).watchers.add(node);
    return changed.size === 0 ? NONE : [...changed].flatMap(({ watchers }) => [...watchers]);
  }

  /** Enters a source whose records are in storage: those who report the same calls later are its witnesses. */
  recall({ family, rank, service, session, hourUs }: KnownSource): void {
    const owner = family === '' ? serviceFamily(service) : family;
    const standing = Math.max(rank, 0);
    const hour = Math.floor(hourUs / HOUR_US);
    const byTime = this.#populationOf(`t|${owner}|${service}`);
    for (const process of [ANY_PROCESS, UNKNOWN_PROCESS]) byTime.add(slotOf(Topic.EVERYTHING, hour, process), standing);
    if (family !== '' && session !== '')
      this.#populationOf(sessionKey(family, session)).add(Topic.EVERYTHING, standing);
  }

  /** Calls that stand for themselves are by far the most: those of one process and hour share their slots. */
  #plainMembership(said: Observation, session: string): Membership {
    const topics = topicsOf(said);
    const hour = Math.floor(said.endUs / HOUR_US);
    const last = this.#lastPlain;
    if (last?.topics === topics && last.hour === hour && last.process === said.process) {
      const { membership } = last;
      if (membership.session === session && membership.point === pointOf(said)) return membership;
    }
    const slots = topics.length === 0 ? NO_SLOTS : this.#plainSlotsOf(said, `${topics.join()}|${hour}|${said.process}`);
    const membership = { point: pointOf(said), session, rank: 0, slots, watched: '' };
    this.#lastPlain = { topics, hour, process: said.process, membership };
    return membership;
  }

  #plainSlotsOf(said: Observation, name: string): Membership['slots'] {
    let slots = this.#plainSlots.get(name);
    if (slots === undefined) {
      if (this.#plainSlots.size > PLAIN_SLOTS_MAX) this.#plainSlots.clear();
      this.#plainSlots.set(name, (slots = membershipOf(said, '').slots));
    }
    return slots;
  }

  #leave(node: TraceNode, { slots, rank, watched }: Membership, changed: Set<Population>): void {
    for (const [key, own] of slots) {
      const population = this.#populations.get(key);
      if (population === undefined) continue;
      population.size--;
      for (const slot of own) if (population.remove(slot, rank)) changed.add(population);
    }
    this.#populations.get(watched)?.watchers.delete(node);
  }

  /** Does a better source report what this record reports? */
  isWitness(said: Observation, session: string): boolean {
    if (said.authority === undefined) return false;
    const { rank } = said.authority;
    return this.#bestOn(disputedTopics(said), said, session) < rank;
  }

  /** Does any source, however weak, report the tokens of this record's calls? */
  hasTokens(said: Observation, session: string): boolean {
    return said.authority !== undefined && Number.isFinite(this.#bestOn([Topic.INPUT, Topic.OUTPUT], said, session));
  }

  #bestOn(topics: readonly Topic[], said: Observation, session: string): number {
    // A call that stands for itself has all its tokens; its failures and tools are told one by one.
    const isAboutTokens = topics[0] !== Topic.FAILURE && topics[0] !== Topic.ACT;
    const asked = isAboutTokens ? [...topics, Topic.EVERYTHING] : topics;
    const { key, slots } = lookUp(asked, said, session);
    let best = Number.POSITIVE_INFINITY;
    for (const slot of slots) best = Math.min(best, this.#bestRank(key, slot));
    return best;
  }

  /** The record leaves memory; that it was there stays. */
  forget(node: TraceNode): void {
    const known = node.membership;
    if (known === undefined) return;
    node.membership = undefined;
    this.#populations.get(known.watched)?.watchers.delete(node);
    for (const key of known.slots.keys()) {
      const population = this.#populations.get(key);
      if (population === undefined || --population.size > 0) continue;
      this.#left.add(key);
      if (this.#left.size > LEFT_MAX) this.#drop(this.#left.keys().next().value ?? '');
    }
  }

  #drop(key: string): void {
    this.#left.delete(key);
    this.#populations.delete(key);
  }

  #bestRank(key: string, slot: string): number {
    return this.#populations.get(key)?.bestRank(slot) ?? Number.POSITIVE_INFINITY;
  }

  #populationOf(key: string): Population {
    let population = this.#populations.get(key);
    if (population === undefined) this.#populations.set(key, (population = new Population()));
    this.#left.delete(key);
    return population;
  }
}

const NONE: readonly TraceNode[] = [];
const NO_SLOTS: Membership['slots'] = new Map();

/** A later point of a series says more and is of the same place. */
function isSamePlace(a: Membership, b: Membership): boolean {
  if (a.rank !== b.rank || a.watched !== b.watched || a.slots.size !== b.slots.size) return false;
  return [...a.slots].every(([key, slots]) => {
    const others = b.slots.get(key);
    return others?.length === slots.length && slots.every((slot, at) => slot === others[at]);
  });
}

function membershipOf(said: Observation, session: string): Membership {
  const topics = topicsOf(said);
  const slots = new Map<string, readonly string[]>();
  const family = said.authority?.family ?? serviceFamily(said.service);
  if (said.authority !== undefined && session !== '') slots.set(sessionKey(family, session), topics);
  if (topics.length > 0)
    slots.set(
      timeKey(family, said),
      topics.flatMap((topic) => slotsAt(topic, said)),
    );
  const watched = canLose(said) ? placeOf(family, said, session) : '';
  if (watched !== '' && !slots.has(watched)) slots.set(watched, []);
  return { point: pointOf(said), session, rank: said.authority?.rank ?? 0, slots, watched };
}

function pointOf(said: Observation): Observation | undefined {
  return said.signal === 'metric' ? said : undefined;
}

/** Nothing is better than rank 0; a call without tokens still depends on whether anybody knows them. */
function canLose({ authority, usage }: Observation): boolean {
  return authority !== undefined && (authority.rank > 0 || usage === undefined);
}

/** The population that a record is compared in. */
function placeOf(family: string, said: Observation, session: string): string {
  return isByTime(family, session) ? timeKey(family, said) : sessionKey(family, session);
}

/** Spans of an instrumented app and its metrics seldom agree on a session: the app and the hour decide. */
function isByTime(family: string, session: string): boolean {
  return session === '' || isServiceFamily(family);
}

function lookUp(
  topics: readonly Topic[],
  said: Observation,
  session: string,
): { readonly key: string; readonly slots: readonly string[] } {
  const family = said.authority?.family ?? '';
  const key = placeOf(family, said, session);
  return { key, slots: isByTime(family, session) ? topics.flatMap((topic) => slotsAround(topic, said)) : topics };
}

function sessionKey(family: string, session: string): string {
  return `s|${family}|${session}`;
}

function timeKey(family: string, { service }: Observation): string {
  return `t|${family}|${service}`;
}

/** Evidence counts for its process and for those who do not know which process they are of. */
function slotsAt(topic: Topic, said: Observation): readonly string[] {
  const hour = Math.floor(said.endUs / HOUR_US);
  return [slotOf(topic, hour, processOf(said)), slotOf(topic, hour, ANY_PROCESS)];
}

/** The hours of the record and those beside them: a call at five to twelve and the metric point at twelve are of one time. */
function slotsAround(topic: Topic, said: Observation): readonly string[] {
  const last = Math.floor(said.endUs / HOUR_US) + 1;
  const first = Math.max(Math.floor(said.startUs / HOUR_US) - 1, last - HOURS_MAX);
  const own = processOf(said);
  const processes = own === UNKNOWN_PROCESS ? [ANY_PROCESS] : [own, UNKNOWN_PROCESS];
  const slots: string[] = [];
  for (let hour = first; hour <= last; hour++)
    for (const process of processes) slots.push(slotOf(topic, hour, process));
  return slots;
}

function slotOf(topic: Topic, hour: number, process: string): string {
  return `${topic}|${hour}|${process}`;
}

const ANY_PROCESS = '*';
const UNKNOWN_PROCESS = '';

/** A service without an instance or a process id does not tell its processes apart: `codex_exec/`, `codex_exec/host/`. */
function processOf({ process }: Observation): string {
  return process.endsWith('/') ? UNKNOWN_PROCESS : process;
}
