import type { Policy } from '@turnmeter/budget';
import type { Identity } from '../session/identity.ts';
import type { LiveSession } from '../session/live-session.ts';
import type { Scope } from '../session/scope.ts';
import { BudgetConfigError } from './budget-config-error.ts';
import type { BudgetOptions } from './guard-options.ts';
import { policyOf } from './read-guard-options.ts';
import { guardForChat } from './start-guard.ts';

/** The budget that code gives to one chat. */
export interface ChatBudget {
  /** The chat is the session: its calls, wherever they are made, are bounded by the chat's budget. */
  holdFor(live: LiveSession): void;
  /** The chat is a part of a session: what is asked from that place on spends from both. */
  holdIn(place: Scope, chat: object, identity: Identity): void;
}

/**
 * Reads the budget of one chat.
 *
 * @throws BudgetConfigError
 */
export function chatBudgetOf(options: BudgetOptions): ChatBudget {
  const { policy, problems } = policyOf(options);
  if (problems.length > 0) throw new BudgetConfigError(problems);
  return {
    holdFor: (live) => setPolicy(live, policy),
    holdIn: (place, chat, identity) => guardForChat()?.accounts.openNested(place, { chat, identity, policy }),
  };
}

function setPolicy(live: LiveSession, policy: Policy): void {
  const accounts = guardForChat()?.accounts.ofSession(live);
  if (accounts === undefined || accounts.policy === policy) return;
  accounts.policy = policy;
  // Looked at anew with the next call.
  accounts.session.limitsVersion = -1;
}
