import { chatOf } from '../chat/chat-of.ts';
import type { Chat } from '../chat/chat.ts';
import { completedWith, type Ending } from '../chat/ending.ts';
import { type CallOptions, recordCall } from '../chat/record-call.ts';
import { guarded } from '../emit/guarded.ts';
import type { SessionFigures } from '../session/figures.ts';
import { scopeBelow, type Scope } from '../session/scope.ts';
import { chatBudgetOf } from '../guard/chat-budget.ts';
import { type AggregatorAddress, finalizeAt } from './aggregator-client.ts';
import { fromEnvironment } from './from-environment.ts';
import { flushSpans } from './flush-spans.ts';
import { type BalanceHeld, type BalancePaid, type PrepaidBalance, SessionReservation } from './prepaid-balance.ts';
import { localReport, ReportReason, type SessionReport } from './session-report.ts';

/** Whose session it is, and where its figures are compared. */
export interface TokenManagerOptions {
  readonly workflow: string;
  readonly tenant?: string | undefined;
  /** @default a new one */
  readonly sessionId?: string | undefined;
  readonly user?: string | undefined;
  /** Address of the aggregator, such as `http://127.0.0.1:8318`. @default `TURNMETER_URL` */
  readonly aggregatorUrl?: string | undefined;
  /** Key for the aggregator, one that may finalize. @default `TURNMETER_KEY` */
  readonly key?: string | undefined;
  /**
   * A prepaid or trial balance that pays for the session: a part of it is set aside when it begins, bounds it, and is paid with what was
   * used when it is finalized.
   */
  readonly balance?: PrepaidBalance | undefined;
  /** Milliseconds that finalizing may take in all. @default 10000 */
  readonly timeoutMs?: number | undefined;
}

/** One turn of an agent, told when it is over. */
export interface AgentResponseTime {
  readonly agent: string;
  readonly durationMs: number;
  /** The provider's answer or its usage, where no client is attached. */
  readonly usage?: unknown;
  /** The model that was asked. */
  readonly model?: string | undefined;
}

/** A model call, told when it is over. */
export interface TrackedUsage extends CallOptions {
  readonly agent?: string | undefined;
  /** The provider's answer, or its usage, or tokens as `{ input, output }`. */
  readonly usage: unknown;
}

/**
 * The session of a group chat, told of step by step, for code that is built like AG2's. Nothing of it throws; `groupChat` says the same
 * with less.
 *
 * @example
 * ```ts
 * const tokens = new TokenManager({ workflow: 'blog-post', tenant: 'acme', sessionId });
 * await tokens.initialize();
 * // … the chat …
 * const report = await tokens.finalizeSession();
 * console.log(report.source, report.session_summary.total_cost, report.performance_comparison?.verdict);
 * ```
 */
export class TokenManager {
  readonly #options: TokenManagerOptions;
  readonly #chat: Chat;
  #endRun: ((ending: Ending) => void) | undefined;
  #finalizing: Promise<SessionReport> | undefined;
  #reservation: SessionReservation | undefined;
  /** What the session had used before the reservation that it has now. */
  #paidFor: { readonly tokens: number; readonly usd: number } = { tokens: 0, usd: 0 };

  constructor(options: TokenManagerOptions) {
    const { workflow, tenant, sessionId, user } = options;
    this.#options = options;
    this.#chat = chatOf({ workflow, tenant, session: sessionId, user });
    chats.set(this, this.#chat);
  }

  get sessionId(): string {
    return this.#chat.session;
  }

  /**
   * The session begins: model calls of the calling code are its own from here on, until it is finalized. Doing it again while it runs
   * changes nothing; after its end it goes on. With a balance it says what of it the session may spend, which is its budget from then on.
   */
  async initialize(): Promise<BalanceHeld | undefined> {
    const isRunning = this.#endRun !== undefined;
    this.#finalizing = undefined;
    this.#endRun ??= guarded('begin of a session', () => this.#chat.enterRun());
    const { balance, timeoutMs = TIMEOUT_MS } = this.#options;
    if (balance === undefined || isRunning) return undefined;
    const reservation = new SessionReservation(balance, this.sessionId);
    const held = await reservation.hold(this.#address(), AbortSignal.timeout(timeoutMs));
    this.#reservation = reservation;
    guarded('budget of a balance', () => this.#spendNoMoreThan(held));
    return held;
  }

  /** A turn that is over. Not for turns that hooks tell of. */
  trackAgentResponseTime({ agent, durationMs, usage, model }: AgentResponseTime): void {
    guarded('response time of an agent', () => {
      const isTimed = Number.isFinite(durationMs) && durationMs >= 0;
      const endMs = Date.now();
      const turn = this.#chat.openTurn({ agent, startMs: isTimed ? endMs - durationMs : endMs });
      if (usage !== undefined) recordCall(usage, { model, durationMs: isTimed ? durationMs : undefined }, turn.scope);
      turn.end({ endMs, isUntimed: !isTimed });
    });
  }

  /** An agent has sent a message. Not for messages that hooks tell of. */
  trackAgentMessage({ agent }: { readonly agent: string }): void {
    guarded('message of an agent', () => this.#chat.countMessage(agent));
  }

  /** A model call that nobody saw. Beside an attached client it counts nothing. */
  trackUsage({ agent, usage, ...options }: TrackedUsage): void {
    guarded('usage of an agent', () => recordCall(usage, options, this.#scopeOf(agent)));
  }

  /** What the session used up to now, in this process. */
  figures(): SessionFigures {
    return this.#chat.figures();
  }

  /**
   * The session is over: its summary, beside the averages of its workflow, from the aggregator. Where there is none, or it does not answer
   * in time, this process's own figures with `source: 'local'` and the reason. Asked twice it gives the same.
   */
  async finalizeSession({ outcome }: { readonly outcome?: string } = {}): Promise<SessionReport> {
    return (this.#finalizing ??= this.#finalize(outcome));
  }

  async #finalize(outcome: string | undefined): Promise<SessionReport> {
    if (outcome !== undefined && this.#endRun !== undefined) this.#chat.outcome(outcome);
    this.#endRun?.(completedWith(undefined));
    this.#endRun = undefined;
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    const figures = this.figures();
    const address = this.#address();
    if (address === undefined) return localReport(figures, ReportReason.NO_AGGREGATOR);
    const paid = await this.#pay(figures, AbortSignal.timeout(timeoutMs));
    const signal = AbortSignal.timeout(timeoutMs);
    // Half of the time is for the asking, in case the exporter waits for somebody who is not there.
    await flushSpans(AbortSignal.timeout(timeoutMs / 2));
    const finalized = await finalizeAt(address, {
      sessionId: figures.session ?? this.sessionId,
      tokensMin: tokensOf(figures),
      signal,
    });
    const report = 'report' in finalized ? finalized.report : localReport(figures, finalized.reason);
    return paid === undefined ? report : { ...report, balance: paid };
  }

  async #pay(figures: SessionFigures, signal: AbortSignal): Promise<BalancePaid | undefined> {
    const reservation = this.#reservation;
    if (reservation === undefined) return undefined;
    const used = { tokens: tokensOf(figures), usd: figures.cost.usd };
    const unit = this.#options.balance?.unit ?? 'tokens';
    const paid = await reservation.pay(this.#address(), used[unit] - this.#paidFor[unit], signal);
    if (paid.isSettled) this.#paidFor = used;
    return paid;
  }

  /** What was used before is paid for already, and counts in the session's budget all the same. */
  #spendNoMoreThan({ source, unit, reserved, isExhausted }: BalanceHeld): void {
    if (source === 'local') return;
    const spent = unit === 'tokens' ? tokensOf(this.figures()) : this.figures().cost.usd;
    // Nothing can be bounded by nothing: the smallest amount there is refuses all that costs something.
    const stop = isExhausted ? Math.max(spent, unit === 'tokens' ? 1 : 1e-9) : spent + reserved;
    this.#chat.bound(chatBudgetOf(unit === 'tokens' ? { tokens: stop } : { usd: stop }));
  }

  #address(): AggregatorAddress | undefined {
    const { aggregatorUrl, key, tenant } = this.#options;
    const url = aggregatorUrl ?? fromEnvironment('TURNMETER_URL');
    return url === undefined ? undefined : { url, key: key ?? fromEnvironment('TURNMETER_KEY'), tenant };
  }

  /** Inside the agent's turn where there is one. */
  #scopeOf(agent: string | undefined): Scope {
    const scope = this.#chat.innermostScope();
    return agent === undefined || agent === scope.identity.agent
      ? scope
      : scopeBelow(scope, { identity: { agent }, turn: undefined });
  }
}

/** For the hooks, whose turns belong in the same run. */
export function chatOfManager(manager: TokenManager): Chat | undefined {
  return chats.get(manager);
}

function tokensOf({ tokens }: SessionFigures): number {
  return tokens.input + tokens.output;
}

const chats = new WeakMap<TokenManager, Chat>();
const TIMEOUT_MS = 10_000;
