import { Purpose } from '@turnmeter/semconv';
import type { AgentFigures, SessionFigures, SpendFigures } from './figures.ts';
import type { Identity } from './identity.ts';
import { processState } from './process-state.ts';
import { Spend, type CountedCall, type Sign } from './spend.ts';

/** One agent's part of a session. */
interface AgentPart {
  readonly spend: Spend;
  turns: number;
  timedTurns: number;
  toolCalls: number;
  messages: number;
  responseMs: number;
}

/** Whose call it was, of which model, and what for. */
export interface CallOf {
  readonly agent?: string | undefined;
  readonly model: string;
  readonly purpose?: Purpose | undefined;
}

/** The running sums of one session in this process. */
export class LiveSession {
  /** Of the turn that ended last: to whoever speaks next, it was handed over from there. */
  lastSpeaker: string | undefined;
  #turns = 0;
  #handoffs = 0;
  #toolCalls = 0;
  #messages = 0;
  #responseMs = 0;
  #humanWaitMs = 0;
  #runs = 0;
  #endedMs = 0;
  #startedMs: number;
  #identity: Identity;
  readonly #clock: () => number;
  readonly #spend = new Spend();
  readonly #agents = new Map<string, AgentPart>();
  readonly #models = new Map<string, Spend>();
  readonly #selection = new Spend();

  /** `clock` gives milliseconds since 1970. */
  constructor(identity: Identity, clock: () => number = Date.now) {
    this.#identity = identity;
    this.#clock = clock;
    this.#startedMs = clock();
  }

  get identity(): Identity {
    return this.#identity;
  }

  get isRunning(): boolean {
    return this.#runs > 0;
  }

  /** Whether a run of it has ended, and none is under way. */
  get hasEnded(): boolean {
    return this.#runs === 0 && this.#endedMs > 0;
  }

  /** One of its runs begins; the answer ends it. */
  begin(): () => void {
    this.#runs++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#runs--;
      this.#endedMs = this.#clock();
    };
  }

  /** @returns the number of the turn that begins, from 1. */
  nextTurn(): number {
    return ++this.#turns;
  }

  addCall(call: CountedCall, { agent, model, purpose }: CallOf, sign: Sign = 1): void {
    this.#spend.add(call, sign);
    if (purpose === Purpose.SPEAKER_SELECTION) this.#selection.add(call, sign);
    if (agent !== undefined) this.#agent(agent).spend.add(call, sign);
    const name = this.#models.has(model) || this.#models.size < NAMES_MAX ? model : OTHER;
    let spend = this.#models.get(name);
    if (spend === undefined) this.#models.set(name, (spend = new Spend()));
    spend.add(call, sign);
  }

  /** Without a time where nobody saw the turn begin. */
  addTurn(agent: string, responseMs: number | undefined): void {
    const part = this.#agent(agent);
    part.turns++;
    if (responseMs === undefined) return;
    part.timedTurns++;
    part.responseMs += responseMs;
    this.#responseMs += responseMs;
  }

  /** A turn that somebody else's spans tell; taken back where it was none after all. */
  seeTurn(agent: string, responseMs: number, sign: Sign): void {
    const part = this.#agent(agent);
    this.#turns += sign;
    this.#responseMs += sign * responseMs;
    part.turns += sign;
    part.timedTurns += sign;
    part.responseMs += sign * responseMs;
  }

  /** What somebody else's spans tell of whose session it is, and when it was. What is known already stays. */
  seeSession(identity: Identity, startMs: number, endMs: number): void {
    const { workflow, user } = this.#identity;
    if (
      (workflow === undefined && identity.workflow !== undefined) ||
      (user === undefined && identity.user !== undefined)
    )
      this.#identity = { ...this.#identity, workflow: workflow ?? identity.workflow, user: user ?? identity.user };
    this.#startedMs = Math.min(this.#startedMs, startMs);
    if (!this.isRunning) this.#endedMs = Math.max(this.#endedMs, endMs);
  }

  addHandoff(sign: Sign = 1): void {
    this.#handoffs += sign;
  }

  addTool(agent: string | undefined, sign: Sign = 1): void {
    this.#toolCalls += sign;
    if (agent !== undefined) this.#agent(agent).toolCalls += sign;
  }

  addMessage(agent: string | undefined): void {
    this.#messages++;
    if (agent !== undefined) this.#agent(agent).messages++;
  }

  addHumanWait(ms: number): void {
    this.#humanWaitMs += ms;
  }

  /** Money and tokens, without the rest of the figures. */
  spent(): { readonly nanoUsd: number; readonly tokens: number } {
    return { nanoUsd: this.#spend.nanoUsd, tokens: this.#spend.tokens };
  }

  figures(): SessionFigures {
    for (const settle of processState().figureSources) settle();
    const { session, tenant, workflow, user } = this.#identity;
    const untilMs = this.isRunning || this.#endedMs === 0 ? this.#clock() : this.#endedMs;
    return {
      session,
      tenant,
      workflow,
      user,
      startedAt: new Date(this.#startedMs),
      durationMs: Math.max(0, untilMs - this.#startedMs),
      isRunning: this.isRunning,
      turns: this.#turns,
      handoffs: this.#handoffs,
      toolCalls: this.#toolCalls,
      messages: this.#messages,
      responseMs: this.#responseMs,
      humanWaitMs: this.#humanWaitMs,
      ...this.#spend.figures(),
      agents: byName<AgentPart, AgentFigures>(this.#agents, (part) => ({
        turns: part.turns,
        timedTurns: part.timedTurns,
        toolCalls: part.toolCalls,
        messages: part.messages,
        responseMs: part.responseMs,
        ...part.spend.figures(),
      })),
      models: byName<Spend, SpendFigures>(this.#models, (spend) => spend.figures()),
      speakerSelection: this.#selection.figures(),
    };
  }

  #agent(agent: string): AgentPart {
    const name = this.#agents.has(agent) || this.#agents.size < NAMES_MAX ? agent : OTHER;
    let part = this.#agents.get(name);
    if (part === undefined) {
      part = { spend: new Spend(), turns: 0, timedTurns: 0, toolCalls: 0, messages: 0, responseMs: 0 };
      this.#agents.set(name, part);
    }
    return part;
  }
}

/** Agents (and models) of one session that are kept apart; names made up by a model must not fill memory. */
const NAMES_MAX = 100;
const OTHER = '(other)';

/** Without a prototype: an agent may be called `__proto__`. */
function byName<Part extends AgentPart | Spend, Figures>(
  parts: ReadonlyMap<string, Part>,
  figures: (part: Part) => Figures,
): Record<string, Figures> {
  const named = Object.create(null) as Record<string, Figures>;
  for (const [name, part] of parts) if (!isNothing(part)) named[name] = figures(part);
  return named;
}

/** All that there was under a name was taken back: it was somebody else's. */
function isNothing(part: AgentPart | Spend): boolean {
  if (part instanceof Spend) return part.isEmpty;
  return part.turns === 0 && part.toolCalls === 0 && part.messages === 0 && part.spend.isEmpty;
}
