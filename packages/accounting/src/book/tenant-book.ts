// One tenant's open records, and what is booked for them. Records come in any order; after each `settle` the bookings are those that
// the set of records amounts to, whatever was booked before.

import type { Alias, Observation } from '../observe/observation.ts';
import type { Signal } from '../record/record.ts';
import { isCallRole } from '../observe/operations.ts';
import { Aliases } from './aliases.ts';
import { CopyIndex } from './copy-index.ts';
import { decideCall, decideRecord, type Neighborhood, type Outcome } from './deciding.ts';
import { type Entry, isSameEntry, type Posting } from './entry.ts';
import { evaluate } from './evaluate.ts';
import { aliasesOf, kinshipsIn } from './kinship.ts';
import { Links } from './links.ts';
import { type KnownSource, Populations } from './populations.ts';
import { SecondViews } from './second-views.ts';
import { nodeIdOf, Trace, traceIdOf, type TraceNode } from './trace.ts';

/** What has to be remembered of a trace that left memory, to find it again when late news comes. */
export interface EvictedTrace {
  readonly traceId: string;
  readonly responseIds: readonly string[];
}

/** How long nothing may have arrived for a trace until it counts as quiet, µs. */
export interface QuietTimes {
  readonly anyUs: number;
  /** For traces whose root and parents have all arrived. */
  readonly completeUs: number;
}

/** What became of an observation. */
export type Reception = 'added' | 'duplicate' | 'updated';

/** News in one place can move decisions in another; real chains are two or three long. */
const ROUNDS_MAX = 16;

/**
 * A trace is evaluated as a whole. Between two evaluations passes this much time for each of its records (µs), so that a trace
 * of ten thousand records is looked at once a second, and no trace takes more than a small part of a core.
 */
const EVALUATION_SPACING_US = 100;

export class TenantBook {
  readonly #traces = new Map<string, Trace>();
  /** Traces that are not quiet yet, and those that are; the longest untouched first. */
  readonly #open = new Map<string, Trace>();
  readonly #quiet = new Map<string, Trace>();
  readonly #dirty = new Set<Trace>();
  readonly #undecided = new Set<TraceNode>();
  readonly #links = new Links((traceId) => this.#traces.get(traceId));
  readonly #around: Neighborhood;
  #size = 0;
  /** Number of the round that decides now. */
  #round = 0;

  constructor() {
    const aliases = new Aliases();
    const index = new CopyIndex();
    const secondViews = new SecondViews(index);
    this.#around = {
      index,
      secondViews,
      populations: new Populations(),
      aliases,
      surroundings: {
        sessionOf: (traceId, spanId) => this.#links.sessionOf(traceId, spanId),
        copiedSession: (trace) => secondViews.sessionOf(trace),
        rootSession: (session) => aliases.rootSession(session),
        agentName: (agentId) => aliases.agentName(agentId),
      },
    };
  }

  /** Records in memory. */
  get size(): number {
    return this.#size;
  }

  /** Whether another `settle` may have something to book, though nothing is added until then. */
  get isUnsettled(): boolean {
    return this.#open.size > 0 || this.#dirty.size > 0 || this.#undecided.size > 0;
  }

  hasTrace(traceId: string): boolean {
    return this.#traces.has(traceId);
  }

  hasResponse(responseId: string): boolean {
    return this.#around.index.hasResponse(responseId);
  }

  add(observation: Observation, nowUs: number): Reception {
    const trace = this.#traceOf(observation);
    const node = trace.add(observation);
    if (node === undefined) return this.#update(trace, observation, nowUs);
    this.#size++;
    this.#touch(trace, nowUs);
    if (node.observation === undefined) return 'added';
    if (isCallRole(observation.role)) this.#around.index.add(node);
    if (observation.links.length > 0) this.#links.add(trace, observation.links);
    this.#around.aliases.use(trace, observation);
    for (const alias of aliasesOf(observation)) this.#learn(alias);
    return 'added';
  }

  #learn(alias: Alias): void {
    for (const trace of this.#around.aliases.add(alias)) this.#dirty.add(trace);
  }

  /** A higher point of a cumulative series stands for the lower ones; all else that is known already is a repetition. */
  #update(trace: Trace, observation: Observation, nowUs: number): Reception {
    const node = trace.nodes.get(nodeIdOf(observation));
    if (node?.observation === undefined || !isHigherPoint(observation, node.observation)) return 'duplicate';
    node.observation = observation;
    this.#touch(trace, nowUs);
    return 'updated';
  }

  #touch(trace: Trace, nowUs: number): void {
    trace.lastArrivalUs = Math.max(trace.lastArrivalUs, nowUs);
    this.#dirty.add(trace);
    const waiting = trace.isQuiet ? this.#quiet : this.#open;
    waiting.delete(trace.id);
    waiting.set(trace.id, trace);
  }

  /** Puts back a record that was booked before: after a start, or because its trace has late news. */
  restore(observation: Observation, booked: Entry | undefined, arrivedUs: number): void {
    this.add(observation, arrivedUs);
    const node = this.#traces.get(traceIdOf(observation))?.nodes.get(nodeIdOf(observation));
    if (node !== undefined) node.booked ??= booked;
  }

  /** What is booked for a record in memory. */
  bookedFor(traceId: string, recordId: string, signal: Signal): Entry | undefined {
    const id = signal === 'span' ? recordId : `${signal}/${recordId}`;
    return this.#traces.get(traceId === '' ? id : traceId)?.nodes.get(id)?.booked;
  }

  /** Takes note of a source that reported calls which are in memory no more. */
  recall(source: KnownSource): void {
    this.#around.populations.recall(source);
  }

  #traceOf(observation: Observation): Trace {
    const id = traceIdOf(observation);
    let trace = this.#traces.get(id);
    if (trace === undefined) {
      trace = new Trace(id);
      this.#traces.set(id, trace);
    }
    return trace;
  }

  /**
   * Brings the bookings up to date with the records. `quiet` says how long nothing may have arrived for a trace before weaker
   * evidence (sums, metrics) is booked.
   */
  settle(nowUs: number, quiet: QuietTimes): readonly Posting[] {
    this.#markQuiet(nowUs, quiet);
    const postings: Posting[] = [];
    for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
      const round = ++this.#round;
      this.#around.index.beginRound();
      const touched = this.#evaluateDirty(nowUs);
      this.#around.secondViews.forgetFindings();
      if (touched.length === 0) break;
      const outcome: Outcome = {
        book(node, entry) {
          node.decidedIn = round;
          post(node, entry, postings);
        },
        part: (node) => void (node.decidedIn === round || this.#undecided.add(node)),
        // Decided before its better source was entered, perhaps in this very round.
        contest: (node) => void this.#undecided.add(node),
      };
      for (const node of touched) {
        if (node.decidedIn === round || node.observation === undefined) continue;
        if (node.isCall) decideCall(node, this.#around, outcome);
        else decideRecord(node, node.observation, this.#around, outcome);
      }
    }
    return postings;
  }

  #markQuiet(nowUs: number, { anyUs, completeUs }: QuietTimes): void {
    for (const trace of this.#open.values()) {
      const untouchedUs = nowUs - trace.lastArrivalUs;
      if (untouchedUs < Math.min(anyUs, completeUs)) break;
      if (untouchedUs < (trace.isComplete ? completeUs : anyUs)) continue;
      trace.isQuiet = true;
      trace.nextEvaluationUs = 0;
      this.#open.delete(trace.id);
      this.#quiet.set(trace.id, trace);
      if (trace.awaitsQuiet) this.#dirty.add(trace);
    }
  }

  /**
   * Takes traces out of memory that nothing has arrived for since then, oldest first, until `size` is at most `sizeMax`. Traces
   * that share a call or a link leave together, or one would be decided without the other.
   */
  evict(untouchedSinceUs: number, sizeMax: number): readonly EvictedTrace[] {
    const evicted: EvictedTrace[] = [];
    for (const trace of this.#quiet.values()) {
      if (this.#size <= sizeMax || trace.lastArrivalUs > untouchedSinceUs) break;
      const family = relatedTo(trace, this.#links);
      if (family.some((one) => !one.isQuiet || this.#dirty.has(one) || one.lastArrivalUs > untouchedSinceUs)) continue;
      for (const one of family) evicted.push(this.#forget(one));
    }
    return evicted;
  }

  #forget(trace: Trace): EvictedTrace {
    const responseIds: string[] = [];
    for (const node of trace.observed) {
      if (node.isCall) this.#around.index.remove(node);
      this.#around.populations.forget(node);
      const responseId = node.observation?.responseId ?? '';
      if (responseId !== '') responseIds.push(responseId);
    }
    this.#around.aliases.forget(trace);
    this.#links.forget(trace);
    this.#traces.delete(trace.id);
    this.#quiet.delete(trace.id);
    this.#size -= trace.nodes.size;
    return { traceId: trace.id, responseIds };
  }

  /** Evaluates what has news and returns the records to decide. */
  #evaluateDirty(nowUs: number): readonly TraceNode[] {
    const touched: TraceNode[] = [];
    for (const node of this.#undecided) this.#noteTouched(node, touched);
    this.#undecided.clear();
    const others = new Set<Trace>();
    const dirty = new Set([...this.#dirty].filter((trace) => trace.nextEvaluationUs <= nowUs));
    for (const trace of dirty) this.#dirty.delete(trace);
    for (const trace of dirty) {
      evaluate(trace);
      for (const alias of kinshipsIn(trace)) this.#learn(alias);
      trace.nextEvaluationUs = nowUs + trace.observed.length * EVALUATION_SPACING_US;
      for (const node of trace.observed) {
        this.#noteTouched(node, touched);
        if (!node.isCall) continue;
        for (const neighbor of this.#around.index.neighborsOf(node)) {
          this.#noteTouched(neighbor, touched);
          // Another view of the same run, perhaps beside the call and not above it: what it says besides depends on this one.
          if (neighbor.trace !== trace && neighbor.trace.hasRun) others.add(neighbor.trace);
        }
      }
      for (const linker of this.#links.newsFrom(trace)) if (!dirty.has(linker)) this.#dirty.add(linker);
    }
    for (const trace of others) for (const node of trace.observed) this.#noteTouched(node, touched);
    return touched;
  }

  /** Lists a record once. */
  #noteTouched(node: TraceNode, touched: TraceNode[]): void {
    if (node.touchedIn === this.#round) return;
    node.touchedIn = this.#round;
    touched.push(node);
  }
}

/** The trace and all traces connected to it by calls that are one, or by links, over any number of steps. */
function relatedTo(start: Trace, links: Links): readonly Trace[] {
  const family = new Set([start]);
  for (const trace of family) {
    for (const node of trace.observed) for (const copy of node.copies) family.add(copy.trace);
    for (const linked of links.neighborsOf(trace)) family.add(linked);
  }
  return [...family];
}

/** The highest point of a cumulative series is its sum; of equal ones the earliest, so that their order does not matter. */
function isHigherPoint(point: Observation, known: Observation): boolean {
  if (point.signal !== 'metric') return false;
  const value = totalOf(point);
  const before = totalOf(known);
  return value > before || (value === before && point.endUs < known.endUs);
}

function totalOf({ usage }: Observation): number {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0, reasoning = 0 } = usage ?? {};
  return input + output + cacheRead + cacheWrite + reasoning;
}

function post(node: TraceNode, entry: Entry | undefined, postings: Posting[]): void {
  const { booked } = node;
  if (booked === entry || (booked !== undefined && entry !== undefined && isSameEntry(booked, entry))) return;
  if (booked !== undefined) postings.push({ sign: -1, entry: booked, because: entry?.reason ?? '' });
  if (entry !== undefined) postings.push({ sign: 1, entry, because: '' });
  node.booked = entry;
}
