// Everything that is known of one session, put together from its lines (what adds up) and its acts (what does not).

import type { Act } from './acts.ts';
import { lengthOfUnion } from './intervals.ts';
import { compareText, Facet, type Line, linesBy, sumOfAll } from './lines.ts';
import { intervalOf, type Turn, turnsOf } from './turns.ts';

export interface SessionFigures {
  readonly tenant: string;
  /** Empty for what belongs to no session, which is shown by workflow. */
  readonly sessionId: string;
  readonly workflow: string;
  /** Empty where nobody named one, and of a session that is truncated. */
  readonly workflowVersion: string;
  readonly userId: string;
  readonly beganUs: number;
  readonly endedUs: number;
  /** Time in which something ran, without waiting for people, µs. */
  readonly activeUs: number;
  readonly lines: readonly Line[];
  /** In order; empty where they are not known. */
  readonly turns: readonly Turn[];
  /** More records than are read for one session, or no session at all: there are sums, and no turns. */
  readonly isTruncated: boolean;
  /** Latest booking that is in the figures, µs. */
  readonly bookedUs: number;
}

/** Bounds of a session's times that include what was taken back; for when nothing better is known. */
export interface Bounds {
  readonly firstUs: number;
  readonly lastUs: number;
  readonly bookedUs: number;
}

export function sessionFigures(
  of: { readonly tenant: string; readonly sessionId: string; readonly workflow: string },
  lines: readonly Line[],
  acts: readonly Act[] | undefined,
  bounds: Bounds,
): SessionFigures {
  const { firstUs, lastUs, bookedUs } = bounds;
  if (acts === undefined || acts.length === 0) {
    const isTruncated = acts === undefined;
    const times = { beganUs: firstUs, endedUs: lastUs, activeUs: 0 };
    return { ...of, workflowVersion: '', userId: '', ...times, lines, turns: [], isTruncated, bookedUs };
  }
  const workflow = workflowOf(acts);
  return {
    ...of,
    workflow,
    workflowVersion: versionOf(workflow, acts),
    userId: acts.filter(({ user_id }) => user_id !== '').toSorted(byBegin)[0]?.user_id ?? '',
    beganUs: acts.reduce((least, act) => Math.min(least, beginOf(act)), Number.POSITIVE_INFINITY),
    endedUs: acts.reduce((most, { end_us }) => Math.max(most, end_us), 0),
    activeUs: activeTime(acts),
    lines,
    turns: turnsOf(acts),
    isTruncated: false,
    bookedUs,
  };
}

/** A point of a series ends when it counts and begins with its process, which may be days before the session. */
function beginOf({ signal, start_us, end_us }: Act): number {
  return signal === 'metric' ? end_us : start_us;
}

/** The outermost first: what began first, and of that what ended last. */
function byBegin(a: Act, b: Act): number {
  return (
    beginOf(a) - beginOf(b) ||
    b.end_us - a.end_us ||
    compareText(a.workflow, b.workflow) ||
    compareText(a.user_id, b.user_id)
  );
}

/** A workflow that was named goes before one that is called after its service. */
function workflowOf(acts: readonly Act[]): string {
  const named = acts.filter(({ workflow, service }) => workflow !== service && workflow !== 'unknown');
  return (named.length > 0 ? named : acts).toSorted(byBegin)[0]?.workflow ?? '';
}

/** A session that went on over a release saw two versions: the one it ended with is its own. */
function versionOf(workflow: string, acts: readonly Act[]): string {
  const versioned = acts.filter((act) => act.workflow === workflow && act.workflow_version !== '');
  const [last] = versioned.toSorted(
    (a, b) => b.end_us - a.end_us || compareText(b.workflow_version, a.workflow_version),
  );
  return last?.workflow_version ?? '';
}

/** Spans around others, and points of series, say nothing about when something ran. */
function isWork({ kind, signal }: Act): boolean {
  return kind !== 'run' && kind !== 'handoff' && kind !== 'human_wait' && signal !== 'metric';
}

/** Time in which something ran, less the time within it in which a person was waited for. */
function activeTime(acts: readonly Act[]): number {
  const work = acts.filter(isWork).map(intervalOf);
  const waits = acts.filter(({ kind }) => kind === 'human_wait').map(intervalOf);
  return lengthOfUnion([...work, ...waits]) - lengthOfUnion(waits);
}

/** Names of the agents that spoke or made calls, sorted. */
export function agentsOf(figures: Pick<SessionFigures, 'lines' | 'turns'>): readonly string[] {
  const callers = linesBy(figures.lines, Facet.AGENT).filter(({ sums }) => sums.inferences > 0 || sums.turns > 0);
  const names = new Set([...callers.map(({ name }) => name), ...figures.turns.map(({ speaker }) => speaker)]);
  names.delete('');
  return [...names].toSorted(compareText);
}

/** How much a sum of costs can be trusted: as much as the least of its parts. */
export function costStatusOf(lines: readonly Line[]): string {
  const statuses = new Set(linesBy(lines, Facet.COST_STATUS).map(({ name }) => name));
  const unpriced = statuses.delete('unpriced');
  if (unpriced) return statuses.size === 0 ? 'unpriced' : 'partial';
  return statuses.has('partial') ? 'partial' : statuses.has('estimated') ? 'estimated' : 'exact';
}

/** Prompt and answer tokens. */
export function tokensOf(lines: readonly Line[]): number {
  const { input_tokens, output_tokens } = sumOfAll(lines);
  return input_tokens + output_tokens;
}
