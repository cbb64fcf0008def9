// One trace as far as it has arrived: its records, who hangs below whom, and what its evaluation found.

import { type Observation, observationKey, Role } from '../observe/observation.ts';
import { isCallRole } from '../observe/operations.ts';
import type { CallLine } from './call-line.ts';
import { type Context, NO_CONTEXT } from './context.ts';
import type { Entry } from './entry.ts';
import type { Membership } from './populations.ts';

const NO_NODES: readonly TraceNode[] = [];

/** What an agent's go comes to. */
export interface Go {
  /** A call was made in it. */
  hasCall: boolean;
  /** The calls made in it, but for those that a call makes. */
  readonly calls: TraceNode[];
  /** Goes of agents nested in it. */
  readonly nested: TraceNode[];
  /** Time that nested agents and people took, µs. */
  othersTimeUs: number;
  humanWaitUs: number;
  /** When the last record in it ended, µs. */
  lastWithinUs: number;
}

/** Of a record that nothing was done in: most are no agent's go. */
export const NO_GO: Go = Object.freeze({
  hasCall: false,
  calls: [],
  nested: [],
  othersTimeUs: 0,
  humanWaitUs: 0,
  lastWithinUs: 0,
});

/** One record of a trace. Records that only link others keep no observation. */
export class TraceNode {
  readonly trace: Trace;
  readonly id: string;
  readonly parentId: string;
  parent: TraceNode | undefined;
  observation: Observation | undefined;

  /** Evaluation that the following belong to. */
  evaluation = 0;
  /** What the record inherits, and what those below it inherit. */
  inherited: Context = NO_CONTEXT;
  context: Context = NO_CONTEXT;
  /** Calls directly inside or around this one that are the same call. */
  nestedCopies: readonly TraceNode[] = NO_NODES;
  /** For a call: holds other calls and is none itself. For usage that may be a sum: its tokens are counted below. */
  isCovered = false;
  /** For an agent's go: what it comes to. */
  go: Go = NO_GO;
  /** Evaluation in which a call with usage was found below. */
  usageBelowIn = 0;

  /** The other records of the same call when it was last decided. */
  copies: readonly TraceNode[] = NO_NODES;
  /** For a call: those with its response id, itself among them; undefined as long as it has been the only one. */
  sameId: TraceNode[] | undefined;
  /** For a call: those of its process with equal numbers, itself among them. */
  line: CallLine | undefined;
  /** Rounds of deciding in which it had news, and in which it was decided last. */
  touchedIn = 0;
  decidedIn = 0;
  /** What is booked for this record now. */
  booked: Entry | undefined;
  /** Where its evidence is entered now. */
  membership: Membership | undefined;

  constructor(trace: Trace, id: string, parentId: string) {
    this.trace = trace;
    this.id = id;
    this.parentId = parentId;
  }

  get isCall(): boolean {
    return this.observation !== undefined && isCallRole(this.observation.role);
  }

  get hasUsageBelow(): boolean {
    return this.usageBelowIn === this.trace.evaluation;
  }
}

export class Trace {
  readonly id: string;
  readonly nodes: Map<string, TraceNode> = new Map();
  /** Records that say something, in order of arrival. */
  readonly observed: TraceNode[] = [];
  /** Records by the parent that has not arrived; undefined as long as none had to wait. */
  #waiting: Map<string, TraceNode[]> | undefined;
  evaluation = 0;
  /** Not before this time (the book's clock, µs): large traces are evaluated less often. */
  nextEvaluationUs = 0;
  lastArrivalUs = 0;
  /** True once nothing has arrived for the quiet time; stays true. */
  isQuiet: boolean = false;
  /** Something in it may be decided otherwise once it is quiet. */
  awaitsQuiet = false;
  /** The one session that all records with a session agree on; '' when none or several. */
  onlySession = '';
  /** A model or a tool was asked in it, or usage reported. */
  hasWork = false;
  /** Shows a workflow's run or an agent's go. */
  hasRun = false;
  /** Ids of sessions and agents in it that may have another name; undefined where no record has such ids. */
  aliasable: Set<string> | undefined;
  hasRoot = false;

  constructor(id: string) {
    this.id = id;
  }

  /** Adds a record; undefined when it is there already. */
  add(observation: Observation): TraceNode | undefined {
    const id = nodeIdOf(observation);
    if (this.nodes.has(id)) return undefined;
    const node = new TraceNode(this, id, observation.parentId);
    this.nodes.set(id, node);
    this.#link(node);
    if (isTelling(observation)) {
      node.observation = observation;
      this.observed.push(node);
    }
    return node;
  }

  /** For decisions that depend on whether it is quiet: those made before are made again then, and no others. */
  askQuiet(): boolean {
    if (!this.isQuiet) this.awaitsQuiet = true;
    return this.isQuiet;
  }

  /** Has its root arrived, and every parent that a record names? Then news is unlikely, though never impossible. */
  get isComplete(): boolean {
    return this.hasRoot && (this.#waiting === undefined || this.#waiting.size === 0);
  }

  /** Parents may come later than their children, and do. */
  #link(node: TraceNode): void {
    if (node.parentId === '') this.hasRoot = true;
    else {
      node.parent = this.nodes.get(node.parentId);
      if (node.parent === undefined) this.#awaitParent(node);
    }
    const children = this.#waiting?.get(node.id);
    if (children === undefined) return;
    for (const child of children) child.parent = node;
    this.#waiting?.delete(node.id);
  }

  #awaitParent(node: TraceNode): void {
    this.#waiting ??= new Map();
    const siblings = this.#waiting.get(node.parentId);
    if (siblings === undefined) this.#waiting.set(node.parentId, [node]);
    else siblings.push(node);
  }
}

/** Records outside any trace are a trace of their own. */
export function traceIdOf(observation: Observation): string {
  return observation.traceId === '' ? `${observation.signal}/${observation.id}` : observation.traceId;
}

/** Id within its trace: a log record hangs below the span it was written in. */
export function nodeIdOf(observation: Observation): string {
  return observation.signal === 'span' ? observation.id : `${observation.signal}/${observation.id}`;
}

function isTelling(observation: Observation): boolean {
  return (
    observation.role !== Role.LINEAGE ||
    observation.session !== '' ||
    observation.conversation !== '' ||
    observation.agent !== '' ||
    observation.workflow !== '' ||
    observation.workflowVersion !== '' ||
    observation.user !== '' ||
    observation.links.length > 0
  );
}

/** Key of the record within its tenant. */
export function keyOf(node: TraceNode): string {
  return node.observation === undefined ? `${node.trace.id}/${node.id}` : observationKey(node.observation);
}

/** Orders records independently of their arrival. */
export function byKey(a: TraceNode, b: TraceNode): number {
  if (a.trace !== b.trace) return a.trace.id < b.trace.id ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Is `upper` an ancestor of `lower`? Bounded, because ids are the sender's. */
export function isAbove(upper: TraceNode, lower: TraceNode): boolean {
  if (upper.trace !== lower.trace) return false;
  let node = lower.parent;
  for (let steps = 0; node !== undefined && steps < ANCESTORS_MAX; steps++) {
    if (node === upper) return true;
    node = node.parent;
  }
  return false;
}

const ANCESTORS_MAX = 1000;

/** End of an agent's go, µs. An event that only says when it began ends with the last record in it. */
export function endOfTurn({ observation, go: { lastWithinUs } }: TraceNode): number {
  if (observation === undefined) return 0;
  return observation.signal === 'log' ? Math.max(observation.endUs, lastWithinUs) : observation.endUs;
}
