// One population of calls, several sources: per-call records, sums, metrics. The best that has data is booked, the others are witnesses
// that are compared and never added (design §3, point 12; cli-producers.md §2).

import type { Observation } from '../observe/observation.ts';
import type { TraceNode } from './trace.ts';

/** Metric points without a session are judged by the hour: did a better source report calls of that producer then? */
const HOUR_US = 3_600_000_000;

/** Sources of one population by rank, 0 best. */
class Population {
  readonly #counts = new Map<number, number>();
  /** Records that can lose their standing; those of rank 0 cannot. */
  readonly #weaker = new Set<TraceNode>();
  bestRank = Number.POSITIVE_INFINITY;

  add(node: TraceNode, rank: number): void {
    this.#counts.set(rank, (this.#counts.get(rank) ?? 0) + 1);
    if (rank > 0) this.#weaker.add(node);
    this.bestRank = Math.min(this.bestRank, rank);
  }

  remove(node: TraceNode, rank: number): void {
    this.#weaker.delete(node);
    this.#counts.set(rank, (this.#counts.get(rank) ?? 1) - 1);
    if (rank === this.bestRank && this.#counts.get(rank) === 0) {
      this.bestRank = Math.min(
        ...[...this.#counts].filter(([, count]) => count > 0).map(([one]) => one),
        Number.POSITIVE_INFINITY,
      );
    }
  }

  /** The record leaves memory; that it was there stays. */
  forget(node: TraceNode): void {
    this.#weaker.delete(node);
  }

  get weaker(): Iterable<TraceNode> {
    return this.#weaker;
  }
}

interface Membership {
  readonly key: string;
  readonly rank: number;
}

/** One tenant's populations, by producer and session, and by producer and hour. */
export class Populations {
  readonly #populations = new Map<string, Population>();
  readonly #memberships = new Map<TraceNode, readonly Membership[]>();

  /**
   * Enters a record with usage under the session it is known to belong to by now. Returns records whose standing may have changed:
   * a better source appeared, or the only better one moved away.
   */
  enter(node: TraceNode, said: Observation, session: string): readonly TraceNode[] {
    const next = membershipsOf(said, session);
    const known = this.#memberships.get(node);
    if (known !== undefined && known.length === next.length && known.every(({ key }, at) => key === next[at]?.key))
      return [];
    const bestBefore = new Map([...(known ?? []), ...next].map(({ key }) => [key, this.#bestRank(key)]));
    for (const { key, rank } of known ?? []) this.#populations.get(key)?.remove(node, rank);
    for (const { key, rank } of next) this.#getOrCreate(key).add(node, rank);
    this.#memberships.set(node, next);
    const changed = [...bestBefore].filter(([key, rank]) => this.#bestRank(key) !== rank).map(([key]) => key);
    return changed.flatMap((key) =>
      neighborKeys(key).flatMap((one) => [...(this.#populations.get(one)?.weaker ?? [])]),
    );
  }

  /** Does a better source report what this record reports? */
  isWitness(said: Observation, session: string): boolean {
    if (said.authority === undefined) return false;
    const { family, rank } = said.authority;
    const keys = session === '' ? neighborKeys(hourKey(family, said)) : [sessionKey(family, session)];
    return keys.some((key) => this.#bestRank(key) < rank);
  }

  forget(node: TraceNode): void {
    for (const { key } of this.#memberships.get(node) ?? []) this.#populations.get(key)?.forget(node);
    this.#memberships.delete(node);
  }

  #bestRank(key: string): number {
    return this.#populations.get(key)?.bestRank ?? Number.POSITIVE_INFINITY;
  }

  #getOrCreate(key: string): Population {
    let population = this.#populations.get(key);
    if (population === undefined) this.#populations.set(key, (population = new Population()));
    return population;
  }
}

/** Plain call records report for their service, ahead of its metrics. */
function membershipsOf(said: Observation, session: string): readonly Membership[] {
  if (said.authority === undefined)
    return said.usage === undefined ? [] : [{ key: hourKey(serviceFamily(said.service), said), rank: 0 }];
  const { family, rank } = said.authority;
  const byHour: Membership = { key: hourKey(family, said), rank };
  return session === '' ? [byHour] : [byHour, { key: sessionKey(family, session), rank }];
}

/** Family of the metrics of an instrumented app: they report what its spans report. */
export function serviceFamily(service: string): string {
  return `service:${service}`;
}

function sessionKey(family: string, session: string): string {
  return `s|${family}|${session}`;
}

function hourKey(family: string, said: Observation): string {
  return `h|${family}|${Math.floor(said.endUs / HOUR_US)}`;
}

/** A call at five to twelve and the metric point at twelve are of one time. */
function neighborKeys(key: string): readonly string[] {
  const at = key.lastIndexOf('|') + 1;
  if (!key.startsWith('h|')) return [key];
  const hour = Number(key.slice(at));
  return [key, `${key.slice(0, at)}${hour - 1}`, `${key.slice(0, at)}${hour + 1}`];
}
