import { SpanKind, SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import { AwayTime } from '../session/away-time.ts';
import type { Identity } from '../session/identity.ts';
import { liveSessions } from '../session/live-sessions.ts';
import { currentScope, parentContext, runInScope, scopeBelow, type Scope, type TurnCounts } from '../session/scope.ts';
import { startStopwatch, type Stopwatch } from './clock.ts';
import { errorTypeOf } from './error-type.ts';
import { guarded } from './guarded.ts';
import { identityAttributes, ownLabels, standardLabels } from './identity-attributes.ts';
import { recorder } from './recorder.ts';
import { noteRepeat, repeatsTurn } from './repeats.ts';

/** An agent's go that begins. */
export interface TurnStart {
  readonly agent: string;
  /** Who spoke before. @default the session's last speaker */
  readonly from?: string | undefined;
  /** How the speaker was chosen: `auto`, `manual`, `round_robin`, `random` or any other text. */
  readonly selection?: string | undefined;
  readonly identity?: Identity | undefined;
  /** @default the current scope */
  readonly scope?: Scope | undefined;
  /** Milliseconds since 1970. @default now */
  readonly startMs?: number | undefined;
  readonly attributes?: Attributes | undefined;
}

/** How a turn ended. */
export interface TurnEnd {
  /** @default `failed` with an error, else `completed` */
  readonly outcome?: names.TurnOutcome | undefined;
  readonly error?: unknown;
  readonly endMs?: number | undefined;
  /** Nobody saw it begin, so that its time is in no figure: that it took none is not what is known. */
  readonly isUntimed?: boolean | undefined;
}

/** An agent's go that is under way. Nothing of it throws; what comes after `end` is ignored. */
export class OpenTurn {
  readonly agent: string;
  readonly scope: Scope;
  /** Its number in the session, from 1; 0 without a session, and where it repeats the turn that it is in. */
  readonly index: number;
  readonly #outer: Scope;
  readonly #span: Span;
  readonly #watch: Stopwatch;
  /** Those of the turn around it, where it is that very turn shown by a framework as well. */
  readonly #counts: TurnCounts;
  readonly #isRepeat: boolean;
  #isEnded = false;

  constructor(start: TurnStart) {
    const outer = start.scope ?? currentScope();
    const { agent, identity } = start;
    this.agent = agent;
    this.#outer = outer;
    this.#watch = startStopwatch(start.startMs);
    this.#isRepeat = repeatsTurn(outer, agent);
    this.#counts = this.#isRepeat && outer.turn !== undefined ? outer.turn : newCounts();
    const named = scopeBelow(outer, { identity: { ...identity, agent }, turn: this.#counts, inference: undefined });
    const live = outer.live ?? liveSessions().of(named.identity);
    this.index = this.#isRepeat ? 0 : (live?.nextTurn() ?? 0);
    this.#span = recorder().tracer.startSpan(
      `${names.GenAiOperation.INVOKE_AGENT} ${agent}`,
      {
        kind: SpanKind.INTERNAL,
        startTime: this.#watch.startMs,
        attributes: {
          [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.INVOKE_AGENT,
          ...(this.index === 0 ? {} : { [names.ATTR_TURNMETER_TURN_INDEX]: this.index }),
          ...(start.selection === undefined ? {} : { [names.ATTR_TURNMETER_SELECTION_METHOD]: start.selection }),
          ...start.attributes,
          ...identityAttributes(named),
        },
      },
      parentContext(named),
    );
    this.scope = { ...scopeBelow(named, { span: this.#span }), live };
    if (this.#isRepeat) noteRepeat(this.#span);
    else this.#noteHandoff(start.from);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  run<T>(work: () => T): T {
    return runInScope(this.scope, work);
  }

  /** The speaker passes on to another agent. */
  handoff(to: string): void {
    guarded('handoff', () => {
      this.#span.addEvent(names.EVENT_TURNMETER_HANDOFF, {
        [names.ATTR_TURNMETER_HANDOFF_FROM_AGENT_NAME]: this.agent,
        [names.ATTR_TURNMETER_HANDOFF_TO_AGENT_NAME]: to,
      });
      this.#span.setAttribute(names.ATTR_TURNMETER_HANDOFF_TO_AGENT_NAME, to);
    });
  }

  /** The speaker sends a message. */
  message(): void {
    guarded('message', () => {
      this.scope.live?.addMessage(this.agent);
      recorder().instruments.messages.add(1, ownLabels(this.scope.identity));
    });
  }

  end(end: TurnEnd = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (!this.#isRepeat) for (const report of this.#counts.afterCalls.splice(0)) report();
    guarded('end of a turn', () => this.#finish(end));
  }

  #finish({
    error,
    outcome = error === undefined ? names.TurnOutcome.COMPLETED : names.TurnOutcome.FAILED,
    endMs,
    isUntimed = false,
  }: TurnEnd): void {
    const end = Math.max(this.#watch.startMs, endMs ?? this.#watch.nowMs());
    const type = error === undefined ? undefined : errorTypeOf(error);
    if (!this.#isRepeat) this.#count({ end, outcome, isUntimed, type });
    const { humanWaitMs } = this.#counts;
    if (isUntimed) this.#span.setAttribute(names.ATTR_TURNMETER_TURN_UNTIMED, true);
    this.#span.setAttribute(names.ATTR_TURNMETER_TURN_OUTCOME, outcome);
    if (humanWaitMs > 0) this.#span.setAttribute(names.ATTR_TURNMETER_HUMAN_WAIT_SECONDS, humanWaitMs / 1000);
    if (type !== undefined) {
      this.#span.setAttribute(names.ATTR_ERROR_TYPE, type);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end(end);
  }

  /** Adds the turn to the session's sums and to the metrics. */
  #count({ end, outcome, isUntimed, type }: EndedTurn): void {
    const { identity, live } = this.scope;
    const { startMs } = this.#watch;
    const { away, inferenceCalls, toolCalls } = this.#counts;
    const responseMs = end - startMs - away.within(startMs, end);
    this.#outer.turn?.away.add(startMs, end);
    live?.addTurn(this.agent, isUntimed ? undefined : responseMs);
    // At its end: agents who speak at the same time hand nothing over to each other.
    if (live !== undefined && this.#outer.turn === undefined) live.lastSpeaker = this.agent;
    const { instruments } = recorder();
    const labels = ownLabels(identity);
    const standard = standardLabels(identity);
    instruments.turns.add(1, { ...labels, [names.MetricLabel.OUTCOME]: outcome });
    if (!isUntimed) {
      instruments.turnDuration.record(responseMs / 1000, labels);
      instruments.invokeAgentDuration.record((end - startMs) / 1000, standard);
    }
    instruments.inferenceCalls.record(inferenceCalls, standard);
    instruments.toolCalls.record(toolCalls, standard);
    if (type !== undefined) instruments.errors.add(1, { ...labels, [names.MetricLabel.REASON]: type });
  }

  /** Whoever spoke before has passed on to this agent, unless it goes on itself or is asked from within a turn. */
  #noteHandoff(from: string | undefined): void {
    const { live, identity } = this.scope;
    const isNested = this.#outer.turn !== undefined;
    const before = from ?? (isNested ? undefined : live?.lastSpeaker);
    if (before === undefined || before === this.agent) return;
    live?.addHandoff();
    const { agent: _, ...others } = identity;
    recorder().instruments.handoffs.add(1, { ...ownLabels(others), from: before, to: this.agent });
    this.#span.setAttribute(names.ATTR_TURNMETER_HANDOFF_FROM_AGENT_NAME, before);
  }
}

interface EndedTurn {
  readonly end: number;
  readonly outcome: names.TurnOutcome;
  readonly isUntimed: boolean;
  /** Class of the error, where it failed. */
  readonly type: string | undefined;
}

function newCounts(): TurnCounts {
  return {
    inferenceCalls: 0,
    toolCalls: 0,
    humanWaitMs: 0,
    away: new AwayTime(),
    counted: [],
    openCalls: 0,
    afterCalls: [],
  };
}
