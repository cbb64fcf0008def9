import type { Attributes } from '@opentelemetry/api';
import { SessionOutcome, TurnOutcome } from '@turnmeter/semconv';
import { guarded, warnOnce } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import { ownLabels } from '../emit/identity-attributes.ts';
import { OpenRun } from '../emit/run.ts';
import { OpenTurn } from '../emit/turn.ts';
import type { SessionFigures } from '../session/figures.ts';
import type { Identity } from '../session/identity.ts';
import { refuseIfStopped, wasStopped } from '../guard/admit-call.ts';
import type { ChatBudget } from '../guard/chat-budget.ts';
import type { LiveSession } from '../session/live-session.ts';
import { liveSessions } from '../session/live-sessions.ts';
import { currentScope, isBelow, rootScope, scopeBelow, type Scope } from '../session/scope.ts';
import { callTool, type ToolOptions } from './call-tool.ts';
import { type AdmittedRequest, callModel, type ModelRequest } from './call-model.ts';
import type { Ending } from './ending.ts';
import { enterPlace, type Place, scopeOutsidePlaces } from './entered-place.ts';
import { follow } from './follow.ts';
import type { GroupChat, TurnOptions } from './group-chat.ts';
import { humanInput } from './human-input.ts';
import { type CallOptions, recordCall } from './record-call.ts';
import { type SelectionOptions, selectSpeaker } from './speaker-selection.ts';
import { handoff, plainTurn, type Turn, turnOf } from './turn.ts';

/** A run of a chat that is under way. */
interface RunUnderWay {
  readonly run: OpenRun;
  outcome: string | undefined;
}

/** What a chat is told beside whose it is. */
export interface ChatSettings {
  readonly attributes?: Attributes | undefined;
  readonly budget?: ChatBudget | undefined;
}

/** One chat with all its runs. */
export class Chat implements GroupChat {
  readonly #identity: Identity & { readonly session: string };
  readonly #attributes: Attributes | undefined;
  #budget: ChatBudget | undefined;
  /** Runs that have not ended, in order of their begin. */
  readonly #runs = new Set<RunUnderWay>();
  /** Scopes that were made for this chat: what is inside one of them belongs to it. */
  readonly #places = new WeakSet<Scope>();
  /** Kept here: a chat's figures outlive its place among the lately seen. */
  #live: LiveSession | undefined;
  #entered: Place | undefined;
  readonly #listeners: (() => void)[] = [];

  constructor(identity: Identity & { readonly session: string }, { attributes, budget }: ChatSettings = {}) {
    this.#identity = identity;
    this.#attributes = attributes;
    this.#budget = budget;
  }

  get session(): string {
    return this.#identity.session;
  }

  run<T>(work: () => T): T {
    const underWay = guarded('begin of a run', () => this.#begin());
    if (underWay === undefined) return work();
    return follow(work, {
      within: (step) => underWay.run.run(step),
      ended: (ending) => this.#end(underWay, ending),
      idleMsMax: recorder().config.turnTimeoutMs,
    });
  }

  /** A run whose end is told by someone else: the answer ends it. Until then the calling code is in it. */
  enterRun(): (ending: Ending) => void {
    const underWay = this.#begin();
    this.#entered = { scope: underWay.run.scope, isOver: () => !this.#runs.has(underWay) };
    enterPlace(this.#entered);
    return (ending) => this.#end(underWay, ending);
  }

  /** From here on the chat may cost this; runs that are under way are bounded too. */
  bound(budget: ChatBudget): void {
    this.#budget = budget;
    budget.holdFor(this.#liveSession());
  }

  /** The run that was entered last. */
  get entered(): Place | undefined {
    return this.#entered;
  }

  turn<T>(options: TurnOptions, work: (turn: Turn) => T): T {
    // Chats that no attached client asks for have no other place to be stopped at.
    refuseIfStopped(() => this.#scopeOrCurrent());
    const open = guarded('begin of a turn', () => this.openTurn(options));
    if (open === undefined) return work(plainTurn(options.agent));
    const turn = turnOf(open);
    return follow(() => work(turn), {
      within: (step) => open.run(step),
      ended: (ending) => open.end(ending),
      idleMsMax: recorder().config.turnTimeoutMs,
    });
  }

  /** A turn whose end is told by someone else. */
  openTurn({ attributes, ...start }: TurnOptions & { readonly startMs?: number | undefined }): OpenTurn {
    return new OpenTurn({ ...start, attributes: { ...this.#attributes, ...attributes }, scope: this.scope() });
  }

  /** A message of an agent, told without a turn. */
  countMessage(agent: string): void {
    const scope = this.#scopeOrCurrent();
    scope.live?.addMessage(agent);
    recorder().instruments.messages.add(1, ownLabels({ ...scope.identity, agent }));
  }

  selectSpeaker<T>(work: () => T, options?: SelectionOptions): T {
    return selectSpeaker(work, options, this.#scopeOrCurrent());
  }

  handoff(to: string): void {
    handoff(to);
  }

  recordCall(answer: unknown, options?: CallOptions): void {
    recordCall(answer, options, this.#scopeOrCurrent());
  }

  async call<T>(request: ModelRequest, work: (admitted: AdmittedRequest) => T | Promise<T>): Promise<T> {
    return callModel(request, work, this.#innermostOrCurrent());
  }

  humanInput<T>(work: () => T): T {
    return humanInput(work, this.#scopeOrCurrent());
  }

  tool<T>(name: string, work: () => T, options?: ToolOptions): T {
    return callTool(name, work, options, this.#scopeOrCurrent());
  }

  outcome(status: string): void {
    const underWay = guarded('outcome', () => this.#runAround(currentScope()) ?? [...this.#runs].at(-1));
    if (underWay !== undefined) underWay.outcome = status;
    else
      warnOnce('outcome', 'outcome() was called after the run had ended, so that it is nowhere: call it inside run()');
  }

  figures(): SessionFigures {
    return this.#liveSession().figures();
  }

  /**
   * Where a turn or call of this chat belongs. The calling code's scope, if that is inside the chat. Else the code came from elsewhere (a
   * queue, an event, another chat's context): then to the only run there is.
   */
  scope(): Scope {
    const current = scopeOutsidePlaces();
    if (this.#isPlaceOf(current)) return current;
    const [only, ...others] = this.#runs;
    if (only !== undefined && others.length === 0) return only.run.scope;
    return this.#named(only === undefined ? current : rootScope());
  }

  /** The same, inside the turn that callbacks have entered, if that is one of this chat. */
  innermostScope(): Scope {
    const current = currentScope();
    return this.#isPlaceOf(current) ? current : this.scope();
  }

  /** Whether a scope is in one of the runs that are under way. */
  isAround(scope: Scope): boolean {
    return this.#runAround(scope) !== undefined;
  }

  /** Calls the listener at the end of each run. */
  onEnd(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #begin(): RunUnderWay {
    const scope = this.#named(scopeOutsidePlaces());
    const run = new OpenRun({ identity: this.#identity, scope, attributes: this.#attributes });
    const underWay: RunUnderWay = { run, outcome: undefined };
    this.#runs.add(underWay);
    return underWay;
  }

  #end(underWay: RunUnderWay, { outcome, error, endMs }: Ending): void {
    if (!this.#runs.delete(underWay)) return;
    for (const listener of this.#listeners) guarded('end of a run', listener);
    const stopped = wasStopped(underWay.run.scope) ? SessionOutcome.STOPPED : undefined;
    underWay.run.end({ error, endMs, outcome: underWay.outcome ?? stopped ?? OUTCOMES[outcome] });
  }

  #named(outer: Scope): Scope {
    const live = outer.live ?? this.#liveSession();
    this.#live = live;
    const place = { ...scopeBelow(outer, { identity: this.#identity }), live };
    this.#places.add(place);
    if (outer.live === undefined) this.#budget?.holdFor(live);
    else this.#budget?.holdIn(place, this, this.#identity);
    return place;
  }

  #isPlaceOf(scope: Scope): boolean {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) if (this.#places.has(at)) return true;
    return false;
  }

  #scopeOrCurrent(): Scope {
    return guarded('scope of a chat', () => this.scope()) ?? currentScope();
  }

  #innermostOrCurrent(): Scope {
    return guarded('scope of a chat', () => this.innermostScope()) ?? currentScope();
  }

  #runAround(scope: Scope): RunUnderWay | undefined {
    return [...this.#runs].findLast(({ run }) => isBelow(scope, run.scope));
  }

  #liveSession(): LiveSession {
    this.#live ??= liveSessions().of(this.#identity);
    if (this.#live === undefined) throw new TypeError('a chat without a session');
    return this.#live;
  }
}

/** What the end of a run tells of its outcome where the app says nothing: that it came to its end is no success. */
const OUTCOMES: Partial<Record<TurnOutcome, SessionOutcome>> = {
  [TurnOutcome.FAILED]: SessionOutcome.FAILURE,
  [TurnOutcome.STOPPED]: SessionOutcome.STOPPED,
};
