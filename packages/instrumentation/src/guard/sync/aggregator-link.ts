import { OnUnavailable } from '@turnmeter/budget';
import type { Scope } from '../../session/scope.ts';
import type { AccountBook, SessionAccounts } from '../account-book.ts';
import type { Account, Stop } from '../account.ts';
import type { BudgetEvent } from '../budget-figures.ts';
import type { PolicyBook } from '../policy-book.ts';
import { sayLoudly } from '../say.ts';
import type { ServerLink } from '../server-link.ts';
import { TenantLink } from './tenant-link.ts';

/** What a link is made with. */
export interface AggregatorParts {
  readonly url: string;
  readonly key: string | undefined;
  readonly accounts: AccountBook;
  readonly policies: PolicyBook;
  /** The tenant of calls that name none. */
  readonly tenant: string | undefined;
  /** How long a session's first call, or one that waits for a lease, waits for an answer. */
  readonly answerTimeoutMs: number | undefined;
  /** An account was stopped by somebody. */
  readonly stopped: (account: Account) => void;
}

/** The aggregator, by a line for each tenant that has sessions here. */
export class AggregatorLink implements ServerLink {
  readonly #parts: AggregatorParts;
  readonly #links = new Map<string | undefined, TenantLink>();
  readonly #guardId: string = crypto.randomUUID();

  constructor(parts: AggregatorParts) {
    this.#parts = parts;
    // Policies are there, with a little luck, before the first call is made.
    void this.#linkOf(parts.tenant)?.sync();
  }

  ready(scope: Scope): Promise<void> | undefined {
    const { session } = this.#parts.accounts.of(scope);
    const link = this.#linkOf(session.owner.tenant);
    if (link === undefined || !link.isReachable) return undefined;
    if (session.owner.session === undefined ? link.hasAnswered : link.knows(session)) return undefined;
    // Where nothing is allowed without an answer, waiting for it is better than refusing.
    const isNeeded = session.limits.onUnavailable === OnUnavailable.DENY;
    return within(isNeeded ? NEEDED_MS : this.#momentMs, link.sync());
  }

  refusal(account: Account): Stop | undefined {
    const link = this.#linkOf(account.owner.tenant);
    if (link === undefined) return undefined;
    const why = link.stopOf(account.owner.workflow);
    if (why !== undefined) return { reason: 'kill_switch', detail: why };
    if (!link.isLost || account.limits.onUnavailable !== OnUnavailable.DENY) return undefined;
    return { reason: 'unavailable', detail: 'the aggregator cannot be asked' };
  }

  async wantsMore(scope: Scope): Promise<boolean> {
    const { session } = this.#parts.accounts.of(scope);
    const link = this.#linkOf(session.owner.tenant);
    if (link === undefined || session.owner.session === undefined || !link.isReachable) return false;
    await within(this.#momentMs, link.sync());
    return link.isReachable;
  }

  get #momentMs(): number {
    return this.#parts.answerTimeoutMs ?? MOMENT_MS;
  }

  note({ action, reason, figures }: BudgetEvent): void {
    const { session, workflow, tenant } = figures;
    if (session === undefined) return;
    const at = new Date().toISOString();
    this.#linkOf(tenant)?.note({ session_id: session, workflow: workflow ?? null, action, reason, at });
  }

  stop(): void {
    for (const link of this.#links.values()) link.stop();
  }

  #linkOf(tenant: string | undefined): TenantLink | undefined {
    const known = this.#links.get(tenant);
    if (known !== undefined || this.#links.size >= TENANTS_MAX) return known;
    const { url, key, accounts, policies } = this.#parts;
    const link = new TenantLink({
      access: { url, key, tenant },
      guardId: this.#guardId,
      sessions: () => sessionsOf(accounts, tenant),
      learn: ({ rules, baselines }) => policies.learn(tenant, rules, baselines),
      stop: (account, why) => this.#stop(account, why),
      forget: (over) => accounts.forget(over),
      lost: (why) => {
        for (const { session } of sessionsOf(accounts, tenant)) dropLease(session);
        sayLoudly({
          code: 'guard_alone',
          message: `the aggregator at ${url} cannot be asked (${why}): budgets go by what this process knows`,
        });
      },
    });
    this.#links.set(tenant, link);
    return link;
  }

  /** What somebody here has stopped, the aggregator does not let go on. */
  #stop(account: Account, why: string | undefined): void {
    const { stopped } = account;
    if (why === undefined) {
      if (stopped?.isTold === true) account.letGo();
      return;
    }
    if (stopped !== undefined) return;
    account.stopped = { reason: 'kill_switch', detail: why, isTold: true };
    this.#parts.stopped(account);
  }
}

/** A process for so many customers keeps those beyond by its own limits. */
const TENANTS_MAX = 50;
const MOMENT_MS = 500;
/** As long as the aggregator has time to answer. */
const NEEDED_MS = 5000;

function sessionsOf(accounts: AccountBook, tenant: string | undefined): readonly SessionAccounts[] {
  return [...accounts.named()].filter(({ session }) => session.owner.tenant === tenant);
}

/** Whoever lets calls through without the aggregator does not go by what it leased, either. */
function dropLease(account: Account): void {
  if (account.limits.onUnavailable !== OnUnavailable.ALLOW) return;
  account.elsewhere = { ...account.elsewhere, leased: {} };
}

/** An app waits for it, so it keeps the process alive, for no longer than a moment. */
async function within(ms: number, answer: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([answer, promise]);
  clearTimeout(timer);
}
