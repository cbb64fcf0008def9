import type { Policy } from '@turnmeter/budget';
import { outermostRun } from '../emit/run.ts';
import type { Identity } from '../session/identity.ts';
import type { LiveSession } from '../session/live-session.ts';
import type { Scope } from '../session/scope.ts';
import { Account } from './account.ts';
import type { BudgetFigures } from './budget-figures.ts';
import { limitsOfPart, type PolicyBook } from './policy-book.ts';

/** All accounts of one session. */
export interface SessionAccounts {
  readonly session: Account;
  readonly agents: Map<string, Account>;
  readonly models: Map<string, Account>;
  /** The policy that the code gave this one session. */
  policy: Policy | undefined;
  /** Whether it can be found by its name. */
  isNamed: boolean;
  /** Whether it is running; undefined where nobody knows. */
  readonly live: LiveSession | undefined;
}

/** A chat within a session, with a budget of its own. */
export interface NestedChat {
  readonly chat: object;
  readonly identity: Identity;
  readonly policy: Policy;
}

/** Finds whose budget a call spends from: its session's, and those of the agent, model and nested chats that are bounded by themselves. */
export class AccountBook {
  readonly #policies: PolicyBook;
  /** By the session's sums; by the run, where it belongs to no session; else one for all. */
  readonly #accounts = new WeakMap<object, SessionAccounts>();
  /** What belongs to no session, by tenant and workflow. */
  readonly #nobodies = new Map<string, object>();
  /** Those of sessions with a name, to be found by it. */
  readonly #named = new Map<string, SessionAccounts>();

  readonly #nested = new WeakMap<Scope, Account>();
  readonly #ofChats = new WeakMap<object, Account>();

  constructor(policies: PolicyBook) {
    this.#policies = policies;
  }

  /** Whoever runs in that place spends from the chat's account, too. */
  openNested(place: Scope, { chat, identity, policy }: NestedChat): void {
    let account = this.#ofChats.get(chat);
    if (account === undefined) {
      const { session, tenant, workflow, workflowVersion } = identity;
      account = new Account({ session, tenant, workflow, version: workflowVersion }, limitsOfPart(policy));
      this.#ofChats.set(chat, account);
    }
    this.#nested.set(place, account);
  }

  /** The session's account first. */
  accountsFor(scope: Scope, model: string | undefined): readonly Account[] {
    const accounts = this.of(scope);
    const { agent } = scope.identity;
    const list = [this.#upToDate(accounts.session, accounts.policy)];
    if (agent !== undefined && this.#policies.namesAgents) {
      list.push(this.#part(accounts, accounts.agents, agent, { agent }));
    }
    if (model !== undefined && this.#policies.namesModels) {
      list.push(this.#part(accounts, accounts.models, model, { model }));
    }
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      const nested = this.#nested.get(at);
      if (nested !== undefined) list.push(nested);
    }
    return list;
  }

  of(scope: Scope): SessionAccounts {
    const key = scope.live ?? outermostRun(scope) ?? this.#nobodyOf(scope.identity);
    const known = this.#known(key) ?? this.#open(key, { ...scope.identity, ...scope.live?.identity }, scope.live);
    const { owner } = known.session;
    // Who began the session may not have known what kind it is.
    if (owner.workflow === undefined && scope.identity.workflow !== undefined) {
      const { workflow, workflowVersion: version } = scope.identity;
      known.session.owner = { ...owner, workflow, version };
      known.session.limitsVersion = -1;
    }
    return known;
  }

  ofSession(live: LiveSession): SessionAccounts {
    return this.#known(live) ?? this.#open(live, live.identity, live);
  }

  /** By the session's name. */
  find(session: string, tenant: string | undefined): SessionAccounts | undefined {
    return this.#named.get(keyOf(session, tenant));
  }

  named(): Iterable<SessionAccounts> {
    return this.#named.values();
  }

  /** The session is over and settled: it is not told of any more, until it goes on. */
  forget(accounts: SessionAccounts): void {
    const { owner } = accounts.session;
    if (owner.session !== undefined) this.#named.delete(keyOf(owner.session, owner.tenant));
    accounts.isNamed = false;
  }

  /** The limits that hold now. */
  figuresOf(accounts: SessionAccounts): Account {
    return this.#upToDate(accounts.session, accounts.policy);
  }

  /** How those stand who belong to no session. */
  figuresOfNobody(): BudgetFigures {
    return new Account({ session: undefined }, this.#policies.limitsFor({ session: undefined }, undefined)).figures();
  }

  #known(key: object): SessionAccounts | undefined {
    const accounts = this.#accounts.get(key);
    if (accounts?.isNamed === false) this.#name(accounts);
    return accounts;
  }

  #nobodyOf({ tenant, workflow }: Identity): object {
    const key = keyOf(workflow ?? '', tenant);
    let nobody = this.#nobodies.get(key);
    if (nobody === undefined) {
      nobody = {};
      if (this.#nobodies.size < PARTS_MAX) this.#nobodies.set(key, nobody);
    }
    return nobody;
  }

  #open(key: object, identity: Identity, live: LiveSession | undefined): SessionAccounts {
    const { session, tenant, workflow, workflowVersion } = identity;
    const owner = { session, tenant, workflow, version: workflowVersion };
    const account = new Account(owner, this.#policies.limitsFor(owner, undefined));
    // What it spent before anybody guarded it.
    if (live !== undefined) account.budget.add(live.spent());
    const accounts: SessionAccounts = {
      session: account,
      agents: new Map(),
      models: new Map(),
      policy: undefined,
      isNamed: false,
      live,
    };
    this.#accounts.set(key, accounts);
    this.#name(accounts);
    return accounts;
  }

  #name(accounts: SessionAccounts): void {
    const { session, tenant } = accounts.session.owner;
    accounts.isNamed = true;
    if (session === undefined) return;
    this.#named.set(keyOf(session, tenant), accounts);
    if (this.#named.size <= NAMED_MAX) return;
    for (const [key, oldest] of this.#named) {
      this.#named.delete(key);
      oldest.isNamed = false;
      break;
    }
  }

  #part(
    of: SessionAccounts,
    parts: Map<string, Account>,
    name: string,
    place: { agent?: string; model?: string },
  ): Account {
    let part = parts.get(name);
    if (part === undefined) {
      const owner = { ...of.session.owner, ...place };
      part = new Account(owner, this.#policies.limitsFor(owner, undefined));
      if (parts.size < PARTS_MAX) parts.set(name, part);
    }
    return this.#upToDate(part, undefined);
  }

  #upToDate(account: Account, policy: Policy | undefined): Account {
    const { version } = this.#policies;
    if (account.limitsVersion !== version) {
      account.limits = this.#policies.limitsFor(account.owner, policy);
      account.limitsVersion = version;
    }
    return account;
  }
}

/** As many sessions as are kept apart elsewhere. */
const NAMED_MAX = 10_000;
const PARTS_MAX = 100;

function keyOf(session: string, tenant: string | undefined): string {
  return `${tenant ?? ''}\u0000${session}`;
}
