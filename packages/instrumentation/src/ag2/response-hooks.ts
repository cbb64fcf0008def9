// Comes in: begins of replies and messages, as AG2's two hooks tell of them. Goes out: turns and their times.
// Refused: what a manager sends, messages without a begin, rounds in which tools are run.

import { TurnOutcome } from '@turnmeter/semconv';
import { chatOf } from '../chat/chat-of.ts';
import type { Chat } from '../chat/chat.ts';
import { enterPlace, scopeOutsidePlaces } from '../chat/entered-place.ts';
import { recordCall } from '../chat/record-call.ts';
import { recorder } from '../emit/recorder.ts';
import { OpenTurn } from '../emit/turn.ts';
import { type AgentLike, asksForTools, nameOf, runsTools } from './message-parts.ts';
import type { ResponseTrackingOptions } from './response-tracking-hooks.ts';
import { chatOfManager } from './token-manager.ts';

/** A turn that is under way: one reply, or several with tools in between. */
interface Speaking {
  readonly open: OpenTurn;
  readonly name: string;
  readonly timer: NodeJS.Timeout;
  readonly startMs: number;
  /** When the reply that is under way began; undefined while tools are run. */
  replyMs: number | undefined;
  /** When it was last heard of. */
  heardMs: number;
}

/** What is under way in one chat. */
interface ChatState {
  /** By agent object, or by name where only that is known. */
  readonly speaking: Map<AgentLike, Speaking>;
  /** When somebody spoke last; undefined while somebody speaks. */
  spokenMs: number | undefined;
}

/** Agents that AG2 makes itself. */
const MANAGERS = ['chat_manager', 'speaker_selection_agent', 'checking_agent'] as const;

/** The state behind one pair of hooks. */
export class ResponseHooks {
  readonly #options: ResponseTrackingOptions;
  readonly #chat: Chat | undefined;
  readonly #managers: ReadonlySet<string>;
  readonly #own: ChatState = { speaking: new Map(), spokenMs: undefined };
  /** Where the hooks are not told whose chat it is: by the running sums of the session that the code is in. */
  readonly #others = new WeakMap<object, ChatState>();

  constructor(options: ResponseTrackingOptions) {
    const { tokenTracker, sessionId, tenant, workflow, managers = MANAGERS } = options;
    this.#options = options;
    this.#managers = new Set(managers);
    if (tokenTracker !== undefined) this.#chat = chatOfManager(tokenTracker);
    else if (sessionId !== undefined) this.#chat = chatOf({ session: sessionId, tenant, workflow });
    this.#chat?.onEnd(() => this.#endAll(this.#own));
  }

  beforeReply(agent: AgentLike, messages: unknown): void {
    const name = nameOf(agent);
    if (this.#managers.has(name) || runsTools(messages)) return;
    const state = this.#state();
    const now = Date.now();
    const before = state.speaking.get(agent);
    if (before !== undefined && before.replyMs === undefined) {
      // Its tools have answered.
      before.replyMs = now;
      return;
    }
    if (before !== undefined) this.#abandon(state, agent, before);
    // Another speaker begins, so whoever waited for tools has had its last word.
    for (const [other, speaking] of state.speaking) {
      if (speaking.replyMs === undefined) this.#complete(state, other, speaking);
    }
    if (state.spokenMs !== undefined) this.#options.tracker.trackSelection(now - state.spokenMs);
    state.spokenMs = undefined;
    this.#begin(state, agent, now);
  }

  beforeSend(agent: AgentLike, message: unknown, isSilent: boolean): void {
    const name = nameOf(agent);
    if (isSilent || this.#managers.has(name)) return;
    const state = this.#state();
    const speaking = state.speaking.get(agent);
    if (speaking?.replyMs === undefined) {
      this.#options.tracker.trackUnmatchedMessage();
      return;
    }
    const now = Date.now();
    const { open, replyMs } = speaking;
    this.#options.tracker.trackReply(name, now - replyMs - awayIn(open, replyMs, now));
    speaking.replyMs = undefined;
    speaking.heardMs = now;
    const answer = this.#options.usage?.(message);
    if (answer !== undefined) recordCall(answer, {}, open.scope);
    open.message();
    if (!asksForTools(message)) this.#complete(state, agent, speaking);
  }

  #begin(state: ChatState, agent: AgentLike, now: number): void {
    const open = this.#open(nameOf(agent));
    enterPlace({ scope: open.scope, isOver: () => open.isEnded, around: this.#chat?.entered });
    const timer = setTimeout(() => this.#abandon(state, agent, speaking), recorder().config.turnTimeoutMs);
    timer.unref();
    const speaking: Speaking = { open, name: nameOf(agent), timer, startMs: now, replyMs: now, heardMs: now };
    state.speaking.set(agent, speaking);
  }

  #complete(state: ChatState, agent: AgentLike, speaking: Speaking): void {
    this.#forget(state, agent, speaking);
    const { open, name, startMs, heardMs } = speaking;
    state.spokenMs = heardMs;
    this.#options.tracker.trackTurn(name, heardMs - startMs - awayIn(open, startMs, heardMs));
    open.end({ endMs: heardMs });
  }

  /** How long it would have taken nobody knows: it counts up to what happened in it. */
  #abandon(state: ChatState, agent: AgentLike, speaking: Speaking): void {
    this.#forget(state, agent, speaking);
    this.#options.tracker.trackAbandoned(speaking.name);
    speaking.open.end({ outcome: TurnOutcome.ABANDONED, endMs: 0, isUntimed: true });
  }

  #forget(state: ChatState, agent: AgentLike, speaking: Speaking): void {
    clearTimeout(speaking.timer);
    if (state.speaking.get(agent) === speaking) state.speaking.delete(agent);
  }

  #endAll(state: ChatState): void {
    for (const [agent, speaking] of state.speaking) {
      if (speaking.replyMs === undefined) this.#complete(state, agent, speaking);
      else this.#abandon(state, agent, speaking);
    }
  }

  #open(agent: string): OpenTurn {
    const { tenant, workflow } = this.#options;
    return (
      this.#chat?.openTurn({ agent }) ??
      new OpenTurn({ agent, identity: { tenant, workflow }, scope: scopeOutsidePlaces() })
    );
  }

  #state(): ChatState {
    const live = this.#chat === undefined ? scopeOutsidePlaces().live : undefined;
    if (live === undefined) return this.#own;
    const state = this.#others.get(live) ?? { speaking: new Map(), spokenMs: undefined };
    this.#others.set(live, state);
    return state;
  }
}

/** Time of a stretch that people and other agents took. */
function awayIn({ scope }: OpenTurn, fromMs: number, toMs: number): number {
  return scope.turn?.away.within(fromMs, toMs) ?? 0;
}
