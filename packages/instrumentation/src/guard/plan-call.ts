import { OnUnpriced } from '@turnmeter/budget';
import {
  ATTR_TURNMETER_BUDGET_ACTION,
  ATTR_TURNMETER_BUDGET_LEVEL,
  ATTR_TURNMETER_BUDGET_OUTPUT_TOKENS_MAX,
  ATTR_TURNMETER_BUDGET_REQUESTED_MODEL,
  BudgetAction,
  GenAiOperation,
} from '@turnmeter/semconv';
import { guarded } from '../emit/guarded.ts';
import type { AccountBook } from './account-book.ts';
import { LEASE, type Account, type Amount } from './account.ts';
import type { CallPrices, PricedCall } from './call-prices.ts';
import type { CheaperCall, GuardOptions } from './guard-options.ts';
import type { GuardedCall } from './guarded-call.ts';
import { sayLoudly } from './say.ts';

/** What a call is planned with. */
export interface Planning {
  readonly accounts: AccountBook;
  readonly prices: CallPrices;
  readonly onDegrade: GuardOptions['onDegrade'];
  /** Whether there is no more waiting. */
  readonly isLast: boolean;
}

/** How a call is to be made. */
export interface CallPlan {
  readonly outcome: 'fits';
  readonly accounts: readonly Account[];
  /** The worst that it can cost. */
  readonly amount: Amount;
  readonly inputTokens: number;
  readonly model: string | undefined;
  readonly outputTokensMax: number | undefined;
  readonly isDegraded: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** That it cannot be made now, or not at all. */
export type NoPlan =
  | { readonly outcome: 'wait'; readonly isLease: boolean; readonly account: Account; readonly amount: Amount }
  | { readonly outcome: 'refused'; readonly reason: string; readonly account: Account; readonly detail?: string };

/** Makes the call cheaper where its session has come that far, and as short as what is left allows. */
export function planCall(call: GuardedCall, planning: Planning): CallPlan | NoPlan {
  const cheaper = cheaperCall(call, planning);
  const model = cheaper?.model === call.model ? undefined : cheaper?.model;
  const sent = model ?? call.model;
  const accounts = planning.accounts.accountsFor(call.scope, sent);
  const [session] = accounts;
  if (session === undefined) throw new TypeError('a call without an account');
  const priced: PricedCall = {
    tenant: session.owner.tenant,
    provider: call.provider,
    model: sent,
    operation: call.operation,
    serviceTier: call.serviceTier,
    writesCache: call.size.writesCache,
  };
  const money = moneyOf(priced, session, planning.prices);
  if (money === 'refuse') {
    const detail = `nobody has a price for ${sent ?? 'a model without a name'}`;
    return { outcome: 'refused', reason: 'unpriced', account: session, detail };
  }
  const inputTokens = Math.ceil(call.size.tokens + session.promptExtraTokens);
  const { isLast, prices, onDegrade } = planning;
  const mayDegrade = onDegrade !== undefined;
  const output = outputOf(call, { cheaper, accounts, inputTokens, priced, money, isLast, prices, mayDegrade });
  if ('outcome' in output) return output;
  const isDegraded = model !== undefined || output.isLowered;
  return {
    outcome: 'fits',
    accounts,
    amount: output.amount,
    inputTokens,
    model,
    outputTokensMax: output.tokensMax,
    isDegraded,
    attributes: {
      ...(isDegraded
        ? { [ATTR_TURNMETER_BUDGET_ACTION]: BudgetAction.DEGRADE, [ATTR_TURNMETER_BUDGET_LEVEL]: session.level }
        : {}),
      ...(model === undefined || call.model === undefined
        ? {}
        : { [ATTR_TURNMETER_BUDGET_REQUESTED_MODEL]: call.model }),
      ...(output.tokensMax === undefined ? {} : { [ATTR_TURNMETER_BUDGET_OUTPUT_TOKENS_MAX]: output.tokensMax }),
    },
  };
}

function cheaperCall(call: GuardedCall, { accounts, onDegrade }: Planning): CheaperCall | undefined {
  const list = accounts.accountsFor(call.scope, call.model);
  const due = list.find(({ isDegraded }) => isDegraded);
  if (due === undefined) return undefined;
  const { degradeModels, degradeOutputTokensMax } = due.limits;
  const mapped = call.model === undefined ? undefined : degradeModels.get(call.model);
  const own =
    onDegrade === undefined
      ? undefined
      : guarded('onDegrade', () =>
          onDegrade({
            provider: call.provider,
            model: call.model,
            agent: call.scope.identity.agent,
            figures: due.figures(),
          }),
        );
  return {
    model: call.canChangeModel ? (own?.model ?? mapped) : undefined,
    outputTokensMax: own?.outputTokensMax ?? degradeOutputTokensMax,
  };
}

/** What is counted in money for a model without a price. */
function moneyOf(call: PricedCall, { limits }: Account, prices: CallPrices): 'count' | 'free' | 'refuse' {
  const isMoneyBound = limits.thresholds.some(({ unit }) => unit === 'nanoUsd');
  if (!isMoneyBound || prices.isPriced(call)) return 'count';
  if (limits.onUnpriced === OnUnpriced.REFUSE) return 'refuse';
  const model = `${call.provider}/${call.model ?? '?'}`;
  const isFree = limits.onUnpriced === OnUnpriced.WARN;
  const counted = isFree ? 'costs nothing of the budget' : 'counts as the dearest model that is known';
  sayLoudly({ code: 'unpriced', about: model, message: `nobody has a price for ${model}: it ${counted}` });
  return isFree ? 'free' : 'count';
}

interface OutputQuestion {
  readonly cheaper: CheaperCall | undefined;
  readonly accounts: readonly Account[];
  readonly inputTokens: number;
  readonly priced: PricedCall;
  readonly money: 'count' | 'free';
  readonly isLast: boolean;
  readonly prices: CallPrices;
  /** Whether the app says how calls are made cheaper. */
  readonly mayDegrade: boolean;
}

interface Output {
  readonly amount: Amount;
  /** To be said in the request. */
  readonly tokensMax: number | undefined;
  /** By the policy, not only by what is left. */
  readonly isLowered: boolean;
}

/** How long the answer may be. */
function outputOf(call: GuardedCall, question: OutputQuestion): Output | NoPlan {
  const { cheaper, accounts, inputTokens, priced, money, prices, isLast } = question;
  const choices = call.operation === GenAiOperation.EMBEDDINGS ? 0 : Math.max(1, call.choices ?? 1);
  const lowered = call.canShorten ? cheaper?.outputTokensMax : undefined;
  const isLowered = lowered !== undefined && lowered < (call.outputTokensMax ?? Infinity);
  const asked = isLowered ? lowered : call.outputTokensMax;
  const amountOf = (output: number): Amount => ({
    nanoUsd: money === 'free' ? 0 : prices.worstNanoUsd(priced, inputTokens, output * choices),
    tokens: inputTokens + output * choices,
  });
  const whole = asked ?? (call.canShorten ? OUTPUT_TOKENS_MAX : OUTPUT_TOKENS_ASSUMED);
  const amount = amountOf(whole);
  const tooMuch = bindingAccount(accounts, amount);
  if (tooMuch === undefined) return { amount, tokensMax: isLowered ? lowered : undefined, isLowered };
  const isWaitingUseful = !isLast && accounts.some(({ budget }) => budget.open > 0);
  const isLeaseTight = !isLast && tooMuch.reason === LEASE;
  const left = choices === 0 ? 0 : Math.floor(outputLeft(accounts, question) / choices);
  // An answer that is cut where others of the session were not would be of no use to anybody.
  const [session] = accounts;
  const least = Math.max(OUTPUT_TOKENS_LEAST, call.outputTokensMin ?? 0, session?.longestAnswerTokens ?? 0);
  // Somebody who does not say how long an answer may be gets a good part of what is left, and leaves some to others.
  const fair = Math.max(OUTPUT_TOKENS_FAIR, Math.floor(left / 4), least);
  if (asked === undefined && left >= fair && call.canShorten)
    return { amount: amountOf(fair), tokensMax: fair, isLowered: false };
  if (isWaitingUseful || isLeaseTight)
    return {
      outcome: 'wait',
      isLease: isLeaseTight,
      account: tooMuch.account,
      amount: asked === undefined ? amountOf(fair) : amount,
    };
  const mayDegrade = question.mayDegrade || session?.limits.mayDegrade === true;
  const mayShorten = asked === undefined || (mayDegrade && call.canShorten);
  if (left >= least && mayShorten) {
    const tokens = Math.min(left, whole);
    // Where the request cannot be changed, the answer is trusted to be as long as others of its session.
    return { amount: amountOf(tokens), tokensMax: call.canShorten ? tokens : undefined, isLowered: false };
  }
  const detail = 'the worst that the call can cost is more than what is left';
  // The one that has the least left, not the first that a long answer would pass.
  const { account, reason } = (mayShorten ? bindingAccount(accounts, amountOf(least)) : undefined) ?? tooMuch;
  return { outcome: 'refused', reason, account, detail };
}

/** Without a limit in the request: what the models with the longest answers give. */
const OUTPUT_TOKENS_MAX = 128_000;
/** The same where the request cannot be changed. */
const OUTPUT_TOKENS_ASSUMED = 8192;
const OUTPUT_TOKENS_FAIR = 4096;
/** OpenAI refuses to answer in less. */
const OUTPUT_TOKENS_LEAST = 16;

function bindingAccount(
  accounts: readonly Account[],
  amount: Amount,
): { readonly account: Account; readonly reason: string } | undefined {
  for (const account of accounts) {
    const reason = account.bindingFor(amount);
    if (reason !== undefined) return { account, reason };
  }
  return undefined;
}

/** Tokens of output that fit into all accounts, for all choices together. */
function outputLeft(accounts: readonly Account[], { prices, priced, inputTokens, money }: OutputQuestion): number {
  let left = Infinity;
  for (const account of accounts) {
    const room = account.budget.available;
    left = Math.min(left, room.tokens - inputTokens);
    if (money === 'count' && room.nanoUsd !== Infinity) {
      left = Math.min(left, prices.outputTokensFor(priced, inputTokens, room.nanoUsd));
    }
  }
  return Math.max(0, left);
}
