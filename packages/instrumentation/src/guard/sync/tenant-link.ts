// Comes in: what sessions of a tenant spend here, and what the aggregator says of them. Goes out: policies, leases and stops, held until the
// next answer. Refused: nothing waits for it but a session's first call, for a moment; a failure is tried again, ever less often.

import { GuardEvent, type GuardAction, type GuardSession } from '@turnmeter/budget';
import { isObject, textOr } from '../../usage/json-object.ts';
import type { SessionAccounts } from '../account-book.ts';
import type { Account } from '../account.ts';
import { askJson, listen, type AggregatorAccess } from './aggregator-http.ts';
import { orderOf, readAnswer, type SessionAnswer, type SyncAnswer } from './read-answer.ts';

/** What a link is made with. */
export interface LinkParts {
  readonly access: AggregatorAccess;
  readonly guardId: string;
  /** Sessions of this tenant that are to be told. */
  readonly sessions: () => readonly SessionAccounts[];
  readonly learn: (answer: SyncAnswer) => void;
  /** An account is to stop, or may go on. */
  readonly stop: (account: Account, why: string | undefined) => void;
  readonly forget: (accounts: SessionAccounts) => void;
  /** That the aggregator cannot be asked, once each time that begins. */
  readonly lost: (why: string) => void;
}

/** One tenant's line to the aggregator. */
export class TenantLink {
  readonly #parts: LinkParts;
  readonly #end = new AbortController();
  readonly #actions: GuardAction[] = [];
  readonly #answered = new WeakSet<Account>();
  /** By which request a session was told of last, where there are too many for one. */
  readonly #toldAt = new WeakMap<Account, number>();
  #stoppedWorkflows: ReadonlyMap<string, string> = new Map();
  #sequence = 0;
  #failures = 0;
  #nextSyncMs = 0;
  #answeredAtMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  #isAskedAgain = false;
  #isListening = false;
  /** Whether events arrive. */
  #hears = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  /** Whether it has ever answered. */
  get hasAnswered(): boolean {
    return this.#answeredAtMs !== undefined;
  }

  /** Whether asking it now may be of use. */
  get isReachable(): boolean {
    return this.#failures === 0 && !this.#end.signal.aborted;
  }

  /** Whether it was silent for longer than it should be. */
  get isLost(): boolean {
    if (this.#answeredAtMs === undefined) return true;
    return performance.now() - this.#answeredAtMs > Math.max(LOST_MS, 3 * this.#nextSyncMs);
  }

  knows(account: Account): boolean {
    return this.#answered.has(account);
  }

  /** Why a workflow is to stop. */
  stopOf(workflow: string | undefined): string | undefined {
    return workflow === undefined ? undefined : this.#stoppedWorkflows.get(workflow);
  }

  note(action: GuardAction): void {
    if (this.#actions.length < ACTIONS_MAX) this.#actions.push(action);
  }

  /** Tells and asks, now, or again after the answer that is under way: that one may not know yet. */
  async sync(): Promise<void> {
    if (this.#end.signal.aborted) return;
    if (this.#underWay !== undefined) {
      this.#isAskedAgain = true;
      await this.#underWay;
    }
    this.#underWay ??= this.#sync().finally(() => {
      this.#underWay = undefined;
      this.#schedule();
    });
    await this.#underWay;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#end.abort();
  }

  async #sync(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isAskedAgain = false;
    const sessions = this.#sessionsToTell();
    const actions = this.#actions.slice(0, ACTIONS_MAX);
    const body = {
      guard_id: this.#parts.guardId,
      sequence: ++this.#sequence,
      sessions: sessions.map(sessionDocument),
      workflows: [...new Set(sessions.flatMap(({ session: { owner } }) => owner.workflow ?? []))].slice(
        0,
        WORKFLOWS_MAX,
      ),
      actions,
    };
    try {
      const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const { status, body: answered } = await askJson(this.#parts.access, {
        method: 'POST',
        path: '/guard/sync',
        body,
        signal,
      });
      const answer = status === 200 ? readAnswer(answered) : undefined;
      if (answer === undefined) throw new Error(status === 200 ? 'what answers is no aggregator' : `status ${status}`);
      this.#actions.splice(0, actions.length);
      this.#hear(answer, sessions);
    } catch (error) {
      if (!this.#end.signal.aborted) this.#fail(error);
    }
  }

  /** Those first of which it knows least. */
  #sessionsToTell(): readonly SessionAccounts[] {
    const sessions = this.#parts.sessions();
    if (sessions.length <= SESSIONS_MAX) return sessions;
    const toldAt = ({ session }: SessionAccounts): number => this.#toldAt.get(session) ?? 0;
    const some = sessions.toSorted((one, other) => toldAt(one) - toldAt(other)).slice(0, SESSIONS_MAX);
    for (const { session } of some) this.#toldAt.set(session, this.#sequence + 1);
    return some;
  }

  #hear(answer: SyncAnswer, sessions: readonly SessionAccounts[]): void {
    this.#failures = 0;
    this.#answeredAtMs = performance.now();
    this.#nextSyncMs = answer.nextSyncMs;
    this.#stoppedWorkflows = answer.stoppedWorkflows;
    this.#parts.learn(answer);
    for (const accounts of sessions) {
      const { session: account } = accounts;
      const told = account.owner.session === undefined ? undefined : answer.sessions.get(account.owner.session);
      if (told === undefined) continue;
      this.#answered.add(account);
      this.#parts.stop(account, told.stop ?? this.stopOf(account.owner.workflow));
      hearSession(account, told);
      if (!isOver(accounts)) continue;
      this.#answered.delete(account);
      this.#parts.forget(accounts);
    }
    void this.#listen();
  }

  #fail(error: unknown): void {
    if (this.#failures++ === 0) this.#parts.lost(error instanceof Error ? error.message : String(error));
  }

  #schedule(): void {
    if (this.#end.signal.aborted) return;
    // Without events a stop has to be asked for, often enough to obey it within a second.
    const nextMs =
      this.#hears || this.#parts.sessions().length === 0 ? this.#nextSyncMs : Math.min(this.#nextSyncMs, UNHEARD_MS);
    const afterMs = this.#failures === 0 ? nextMs : Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** this.#failures);
    const withJitterMs = this.#isAskedAgain && this.#failures === 0 ? 0 : afterMs * (0.75 + Math.random() / 2);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.sync(), withJitterMs);
    this.#timer.unref();
  }

  /** Hears of stops as they happen; a stream that breaks off is opened again after the next answer. */
  async #listen(): Promise<void> {
    if (this.#isListening) return;
    this.#isListening = true;
    try {
      await listen(this.#parts.access, { path: '/guard/events', signal: this.#end.signal }, (event, data) =>
        this.#event(event, data),
      );
    } catch {
      // Stops come with the next answer, too.
    }
    this.#isListening = false;
    this.#hears = false;
  }

  #event(event: string, data: unknown): void {
    this.#hears = true;
    if (!isObject(data)) return;
    const session = textOr(data['session_id']);
    const workflow = textOr(data['workflow']);
    if (event === GuardEvent.STOP_SESSION || event === GuardEvent.STOP_WORKFLOW) {
      if (workflow !== undefined && event === GuardEvent.STOP_WORKFLOW) {
        this.#stoppedWorkflows = new Map([...this.#stoppedWorkflows, [workflow, orderOf(data)]]);
      }
      for (const { session: account } of this.#parts.sessions()) {
        const { owner } = account;
        const isMeant = event === GuardEvent.STOP_SESSION ? owner.session === session : owner.workflow === workflow;
        if (isMeant) this.#parts.stop(account, orderOf(data));
      }
    }
    // What was taken back, or changed, the answer tells as a whole.
    void this.sync();
  }
}

/**
 * Upward only: what was counted beyond what had been spent here by then others spent, and nobody can take that back. What others hold by
 * their leases may shrink.
 */
function hearSession(account: Account, told: SessionAnswer): void {
  const { nanoUsd, tokens } = account.budget.spent;
  const { countedElsewhere } = account;
  account.countedElsewhere = {
    nanoUsd: Math.max(countedElsewhere.nanoUsd, told.countedNanoUsd - nanoUsd),
    tokens: Math.max(countedElsewhere.tokens, told.countedTokens - tokens),
  };
  const counted = account.countedElsewhere;
  account.elsewhere = {
    nanoUsd: Math.max(told.elsewhereNanoUsd, counted.nanoUsd),
    tokens: Math.max(told.elsewhereTokens, counted.tokens),
    spent: {
      nanoUsd: Math.max(told.elsewhereNanoUsd - told.elsewhereReservedNanoUsd, counted.nanoUsd),
      tokens: Math.max(told.elsewhereTokens - told.elsewhereReservedTokens, counted.tokens),
    },
    leased: { nanoUsd: told.leasedNanoUsd, tokens: told.leasedTokens },
  };
}

/** Its last run has ended, or nothing was heard of it for long; and nothing is under way. */
function isOver({ live, session }: SessionAccounts): boolean {
  if (session.budget.open > 0 || session.waiting.size > 0 || live?.isRunning === true) return false;
  return live?.hasEnded === true || performance.now() - session.usedAtMs > IDLE_MS;
}

/** What a call waits for counts as reserved: a lease is made so large that it fits. */
function sessionDocument(accounts: SessionAccounts): GuardSession {
  const { owner, budget, elsewhere, wanted } = accounts.session;
  const { spent, reserved } = budget;
  return {
    session_id: owner.session ?? '',
    workflow: owner.workflow ?? null,
    workflow_version: owner.version ?? null,
    spent_nano_usd: spent.nanoUsd,
    spent_tokens: spent.tokens,
    reserved_nano_usd: reserved.nanoUsd + wanted.nanoUsd,
    reserved_tokens: reserved.tokens + wanted.tokens,
    leased_nano_usd: elsewhere.leased.nanoUsd ?? 0,
    leased_tokens: elsewhere.leased.tokens ?? 0,
    is_over: isOver(accounts),
  };
}

const TIMEOUT_MS = 5000;
const BACKOFF_MS = 250;
const BACKOFF_MS_MAX = 30_000;
const LOST_MS = 10_000;
const UNHEARD_MS = 700;
/** Of sessions that say no end. */
const IDLE_MS = 300_000;
/** What the aggregator takes in one request. */
const SESSIONS_MAX = 500;
const WORKFLOWS_MAX = 200;
const ACTIONS_MAX = 1000;
