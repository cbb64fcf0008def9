// Who spoke, in order. An agent's go is what its producer marked as one; agents that have no such marks speak by making calls.

import type { Act } from './acts.ts';
import { lengthOfUnion, type Interval } from './intervals.ts';
import { compareText } from './lines.ts';
import { handersOf } from './speaker-changes.ts';

export interface Turn {
  /** Empty where nobody named the agent. */
  readonly speaker: string;
  readonly beganUs: number;
  readonly endedUs: number;
  /** Time in which it was seen at work: without people, and without agents nested in it; null where nobody saw it begin. */
  readonly responseUs: number | null;
  readonly inferences: number;
  /** Tool calls between its parts, or behind them. */
  readonly toolSteps: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
  /** Who handed over to the speaker; null where nobody did. */
  readonly handedBy: string | null;
}

/**
 * Turns in order of their begin.
 *
 * A turn goes on when the same agent goes on in the same trace with nothing but tool steps in between: frameworks end an agent's span
 * when it asks for a tool and begin another when the tool has answered. Without such spans a run of calls of one agent is a turn. Calls
 * for a purpose that is no agent's own (choosing the speaker) are none.
 */
export function turnsOf(acts: readonly Act[]): readonly Turn[] {
  const isSpeech = speechOf(acts);
  const speakers = new Set(acts.filter(isSpeech).map(({ agent }) => agent));
  const turns: TurnDraft[] = [];
  let current: TurnDraft | undefined;
  let reachedUs = 0;
  for (const act of acts.toSorted(byBegin)) {
    if (act.kind === 'human_wait') current = undefined;
    else if (act.kind === 'tool') {
      if (current !== undefined && act.start_us >= reachedUs && isStepOf(current, act, speakers)) current.addStep(act);
    } else if (isSpeech(act)) {
      if (current?.goesOnWith(act) !== true) {
        current = new TurnDraft(act);
        turns.push(current);
      }
      current.addPart(act);
      reachedUs = Math.max(reachedUs, act.end_us);
    }
  }
  giveCalls(turns, acts);
  const spoken = turns.map(({ speaker, first, endedUs }) => ({ speaker, first, endedUs }));
  const handers = handersOf(spoken, acts);
  return turns.map((turn, at) => turn.finish(handers[at] ?? null));
}

/** Which acts are an agent speaking. */
function speechOf(acts: readonly Act[]): (act: Act) => boolean {
  const marked = new Set(acts.filter(({ kind }) => kind === 'turn').map(({ agent }) => agent));
  return ({ kind, agent, purpose }) =>
    kind === 'turn' ||
    (kind === 'inference' && purpose === '' && !marked.has(agent) && (agent !== '' || marked.size === 0));
}

/** A tool outside all turns belongs to who spoke last, unless another speaker called it. */
function isStepOf(turn: TurnDraft, act: Act, speakers: ReadonlySet<string>): boolean {
  return act.agent === turn.speaker || !speakers.has(act.agent);
}

/** In order of begin, an agent's go before what happens in it; independent of the order of the rows. */
function byBegin(a: Act, b: Act): number {
  return (
    a.start_us - b.start_us ||
    Number(a.kind !== 'turn') - Number(b.kind !== 'turn') ||
    b.end_us - a.end_us ||
    compareText(a.trace, b.trace) ||
    compareText(a.record_id, b.record_id)
  );
}

class TurnDraft {
  readonly speaker: string;
  readonly first: Act;
  /** Whether its producer marks goes, or calls have to do. */
  readonly #isMarked: boolean;
  readonly parts: Act[] = [];
  readonly #steps: Act[] = [];
  #stepsSincePart = 0;
  #inferences = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #costNanoUsd = 0;

  constructor(first: Act) {
    this.speaker = first.agent;
    this.first = first;
    this.#isMarked = first.kind === 'turn';
  }

  goesOnWith(act: Act): boolean {
    if (act.agent !== this.speaker || act.trace !== this.first.trace) return false;
    return !this.#isMarked || this.#stepsSincePart > 0;
  }

  addPart(act: Act): void {
    this.parts.push(act);
    this.#stepsSincePart = 0;
    this.addSpending(act);
  }

  addStep(act: Act): void {
    this.#steps.push(act);
    this.#stepsSincePart++;
  }

  addSpending(act: Act): void {
    this.#inferences += act.inferences;
    this.#inputTokens += act.input_tokens;
    this.#outputTokens += act.output_tokens;
    this.#costNanoUsd += act.cost_nano_usd;
  }

  get endedUs(): number {
    return [...this.parts, ...this.#steps].reduce((most, { end_us }) => Math.max(most, end_us), 0);
  }

  finish(handedBy: string | null): Turn {
    const seen = this.#isMarked ? this.#steps : [...this.parts, ...this.#steps];
    const marked = this.#isMarked ? this.parts.reduce((sum, { response_us }) => sum + response_us, 0) : 0;
    return {
      speaker: this.speaker,
      // Its parts and steps are in order.
      beganUs: this.first.start_us,
      endedUs: this.endedUs,
      responseUs: this.parts.some(({ is_untimed }) => is_untimed === 1)
        ? null
        : marked + lengthOfUnion(seen.map(intervalOf)),
      inferences: this.#inferences,
      toolSteps: this.#steps.length,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      costNanoUsd: this.#costNanoUsd,
      handedBy,
    };
  }
}

export function intervalOf({ start_us, end_us }: Act): Interval {
  return { start: start_us, end: end_us };
}

const CALL_KINDS: ReadonlySet<string> = new Set(['inference', 'embedding', 'rerank', 'usage']);

/** Gives calls to the marked turn of their agent that they were made in, in their own trace if it is there. */
function giveCalls(turns: readonly TurnDraft[], acts: readonly Act[]): void {
  const parts = turns.flatMap((turn) =>
    turn.parts.filter(({ kind }) => kind === 'turn').map((part): MarkedPart => ({ part, turn })),
  );
  const byAgent = Map.groupBy(parts, ({ turn }) => turn.speaker);
  const byTrace = Map.groupBy(parts, ({ part, turn }) => `${part.trace}/${turn.speaker}`);
  for (const act of acts) {
    if (!CALL_KINDS.has(act.kind)) continue;
    const found = partAround(act, byTrace.get(`${act.trace}/${act.agent}`)) ?? partAround(act, byAgent.get(act.agent));
    found?.turn.addSpending(act);
  }
}

interface MarkedPart {
  readonly part: Act;
  readonly turn: TurnDraft;
}

/** Parts that may have begun before the one looked for and still be going on: an agent that runs in parallel with itself. */
const PARALLEL_MAX = 32;

/** The part that began last before an act and had not ended then. Parts are in order of begin. */
function partAround(act: Act, parts: readonly MarkedPart[] = []): MarkedPart | undefined {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.part.start_us ?? 0) <= act.start_us) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= Math.max(0, low - PARALLEL_MAX); at--) {
    const candidate = parts[at];
    if (candidate !== undefined && act.start_us <= candidate.part.end_us) return candidate;
  }
  return undefined;
}
