import type { Reason } from '@turnmeter/pricing';

/** Reasons for which tokens have no price. The others explain prices that there are. */
type Gap =
  | 'UsageMissingPart'
  | 'UsageInvalid'
  | 'NoInputPrice'
  | 'NoOutputPrice'
  | 'UsageMissing'
  | 'NoModel'
  | 'UnknownModel'
  | 'LocalProvider'
  | 'NoPriceListed'
  | 'AmountOutOfRange';

/** What to do about tokens without a price, by the code of the reason. */
export const REMEDIES: Readonly<Record<(typeof Reason)[Gap], string>> = {
  unknown_model: 'In no price list: give it a price in `prices` of the configuration.',
  local_provider: 'Runs on a machine of your own: say what a token costs there in `prices`, or 0.',
  no_price_listed: 'The list knows it without a price: give it one in `prices`.',
  no_model: 'The producer does not name the model: see what it can send, and `turnmeter explain`.',
  no_input_price: 'Its price has no rate for input: complete it in `prices`.',
  no_output_price: 'Its price has no rate for output: complete it in `prices`.',
  usage_missing: 'No tokens were reported: switch usage on in the producer.',
  usage_missing_part: 'Input or output was not reported: switch usage on in the producer.',
  usage_invalid: 'Token counts make no sense: look at one call with `turnmeter explain`.',
  amount_out_of_range: 'More than a call can cost: tokens or rates are wrong, see `turnmeter explain`.',
};
