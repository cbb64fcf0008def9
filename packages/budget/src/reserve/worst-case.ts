// In: how long a prompt is, how long an answer may become, what tokens cost. Out: what the call costs at most, before it is made.

import { refuseNoAmount, refuseNoCount, type SpendAmount } from '../amount.ts';
import { BudgetError, BudgetErrorCode } from '../budget-error.ts';

/** What a call may cost, each the dearest that can apply to it: writing to a cache costs more than input, long contexts more than short ones. */
export interface WorstRates {
  /** Whole. 3 USD for a million tokens are 3,000,000,000. */
  readonly inputNanoUsdPerMillion: number;
  readonly outputNanoUsdPerMillion: number;
  /** Of the call itself, such as a fee for a search. @default 0 */
  readonly callNanoUsd?: number | undefined;
}

/** How much a call can use. One of the first three says how long the prompt is; the first that is given counts. */
export interface CallSize {
  /** Counted by the tokenizer of the model. */
  readonly promptTokens?: number | undefined;
  /** Of the prompt in UTF-8. A token of a byte-level tokenizer has at least one, so no prompt has more tokens. */
  readonly promptBytes?: number | undefined;
  /** As JavaScript counts them. */
  readonly promptChars?: number | undefined;
  /**
   * How many tokens a character makes at most. One holds for nearly all text, and is four times what English needs; an app that knows its
   * prompts can say less, and then overruns are booked and counted.
   *
   * @default 1
   */
  readonly tokensPerChar?: number | undefined;
  /** The most tokens that an answer may have: as asked for, or what the model can. */
  readonly outputTokensMax: number;
  /** Answers to one prompt. @default 1 */
  readonly choices?: number | undefined;
}

/**
 * The most that a call costs. Each side is rounded up, so that no actual cost at these rates lies above.
 *
 * @throws BudgetError `invalid_amount`
 */
export function worstCase({ rates, ...size }: CallSize & { readonly rates: WorstRates }): SpendAmount {
  const input = promptTokensAtMost(size);
  const output = size.outputTokensMax * (size.choices ?? 1);
  const { inputNanoUsdPerMillion, outputNanoUsdPerMillion, callNanoUsd = 0 } = rates;
  // Each by itself: a sum would hide a negative one.
  refuseNoCount('the tokens of the prompt', input);
  refuseNoCount('outputTokensMax × choices', output);
  refuseNoCount('inputNanoUsdPerMillion', inputNanoUsdPerMillion);
  refuseNoCount('outputNanoUsdPerMillion', outputNanoUsdPerMillion);
  refuseNoCount('callNanoUsd', callNanoUsd);
  const nanoUsd = costOf(input, inputNanoUsdPerMillion) + costOf(output, outputNanoUsdPerMillion) + callNanoUsd;
  const amount = { nanoUsd, tokens: input + output };
  refuseNoAmount(amount);
  return amount;
}

function promptTokensAtMost({ promptTokens, promptBytes, promptChars, tokensPerChar = 1 }: CallSize): number {
  const atMost = promptTokens ?? promptBytes ?? (promptChars === undefined ? undefined : promptChars * tokensPerChar);
  if (atMost === undefined) {
    throw new BudgetError(
      BudgetErrorCode.INVALID_AMOUNT,
      'What a call costs at most is not known; expected promptTokens, promptBytes or promptChars, received none',
    );
  }
  return Math.ceil(atMost);
}

const TOKENS_PER_RATE = 1_000_000;

/** Split, because the product of a long prompt and a high rate is more than a number holds exactly. */
function costOf(tokens: number, rate: number): number {
  const whole = Math.floor(rate / TOKENS_PER_RATE);
  return tokens * whole + Math.ceil((tokens * (rate - whole * TOKENS_PER_RATE)) / TOKENS_PER_RATE);
}
