// Sessions that travel over span links: a chat whose messages are traces of their own, linked to the one that knows the session.

import type { SpanLink } from '../record/record.ts';
import type { Trace, TraceNode } from './trace.ts';

/** A chat of a few traces in a chain is real; longer chains and circles are not followed. */
const CHAIN_MAX = 8;

export class Links {
  readonly #find: (traceId: string) => Trace | undefined;
  /** Traces that link to a trace. */
  readonly #linkers = new Map<string, Set<Trace>>();
  /** Session that a trace gave to those who link to it, when it was evaluated last. */
  readonly #given = new Map<string, string>();

  constructor(find: (traceId: string) => Trace | undefined) {
    this.#find = find;
  }

  add(trace: Trace, links: readonly SpanLink[]): void {
    for (const { traceId } of links) {
      if (traceId === trace.id) continue;
      const linkers = this.#linkers.get(traceId);
      if (linkers === undefined) this.#linkers.set(traceId, new Set([trace]));
      else linkers.add(trace);
    }
  }

  /** Traces to be decided again because a trace they link to names another session than before. */
  newsFrom(trace: Trace): Iterable<Trace> {
    const linkers = this.#linkers.get(trace.id);
    if (linkers === undefined) return [];
    const session = sessionsIn(trace);
    if (this.#given.get(trace.id) === session) return [];
    this.#given.set(trace.id, session);
    return linkers;
  }

  sessionOf(traceId: string, spanId: string, depth = 0): string {
    const trace = this.#find(traceId);
    if (trace === undefined || depth > CHAIN_MAX) return '';
    const node = trace.nodes.get(spanId);
    const own = node === undefined ? '' : sessionNamedAt(node);
    if (own !== '') return own;
    if (trace.onlySession !== '') return trace.onlySession;
    for (const linking of trace.observed) {
      for (const link of linking.observation?.links ?? []) {
        const session = link.traceId === traceId ? '' : this.sessionOf(link.traceId, link.spanId, depth + 1);
        if (session !== '') return session;
      }
    }
    return '';
  }

  /** Traces that a trace links to, and those that link to it. */
  neighborsOf(trace: Trace): readonly Trace[] {
    const linked = targetsOf(trace)
      .map((traceId) => this.#find(traceId))
      .filter((found) => found !== undefined);
    return [...linked, ...(this.#linkers.get(trace.id) ?? [])];
  }

  forget(trace: Trace): void {
    for (const traceId of targetsOf(trace)) {
      const linkers = this.#linkers.get(traceId);
      linkers?.delete(trace);
      if (linkers?.size === 0) this.#linkers.delete(traceId);
    }
    this.#given.delete(trace.id);
  }
}

/** Written out, because it is asked of every trace that leaves, and few have links. */
function targetsOf(trace: Trace): readonly string[] {
  const targets: string[] = [];
  for (const { observation } of trace.observed) {
    if (observation === undefined) continue;
    for (const { traceId } of observation.links) targets.push(traceId);
  }
  return targets;
}

function sessionNamedAt({ context }: TraceNode): string {
  return context.session !== '' ? context.session : context.conversation;
}

/** All that linkers could take from a trace, as one text to compare. */
function sessionsIn(trace: Trace): string {
  if (trace.onlySession !== '') return trace.onlySession;
  return [...new Set(trace.observed.map(sessionNamedAt))].toSorted().join('\n');
}
