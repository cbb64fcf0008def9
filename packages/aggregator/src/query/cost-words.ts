// How a cost came about, in plain words.

import type { CostSource, CostStatus, Reason } from '@turnmeter/pricing';

const REASON_SENTENCES: Readonly<Record<Reason, string>> = {
  provider_inferred: 'No provider was named; the price is that of the model’s maker.',
  free_model: 'The price list gives this model away.',
  reported_zero: 'A cost of 0 was reported for a call with tokens, which is no price.',
  reported_invalid: 'The reported cost makes no sense and was not used.',
  nothing_to_price: 'Nothing was spent that has a price.',
  provider_from_prefix: 'No provider was named; the one before the model’s name may have served it, or only made it.',
  provider_unknown: 'The provider’s name is not known; the price is that of the model’s maker.',
  provider_guessed: 'The provider’s name only resembles a known one.',
  provider_mismatch: 'The provider named has no such model; somebody else’s compatible API was called.',
  model_guessed: 'The model’s name only resembles a known one.',
  model_date_dropped: 'The price list does not know the model of this date, only the model.',
  model_variant_dropped: 'The price list does not know this variant, only the model.',
  model_prefix_dropped: 'The price list knows the model only without the vendor or region before its name.',
  request_model_used: 'The model that answered is not known; the one that was asked for is.',
  tier_assumed: 'No published factor is known for this service tier with this model.',
  no_cache_read_price: 'Cached input has no price of its own and is charged as input.',
  no_cache_write_price: 'Cache writes have no price of their own and are charged as input.',
  no_cache_write_1h_price: 'One-hour cache writes have no price of their own and are charged as five-minute ones.',
  cache_write_ttl_assumed: 'Nobody said how long the cache writes live; they are charged as five-minute ones.',
  no_audio_price: 'Audio tokens have no price of their own and are charged as text.',
  no_image_price: 'Image output has no price of its own and is charged as text.',
  cached_media_assumed: 'Cached and audio or image tokens are known, but not how much they overlap.',
  parts_exceed_whole: 'Parts are larger than their whole; they are charged beside it.',
  request_fee_assumed: 'The fee per request varies; the highest that the price list shows is charged.',
  time_invalid: 'The time of the call is not a time; the latest price is used.',
  unsupported_price_unit: 'The price list has a price for a kind of token that this version does not know.',
  client_table_claim: 'Nobody else has a price; this is what a client’s own table says.',
  usage_missing_part: 'Input or output was not reported.',
  usage_invalid: 'A token count makes no sense and was taken as not reported.',
  no_input_price: 'Input has no price.',
  no_output_price: 'Output has no price.',
  no_charge_price: 'Something that is not a token has no price.',
  charge_invalid: 'The quantity or unit cost of a charge makes no sense.',
  usage_missing: 'The tokens are not known, so there is nothing to price.',
  no_model: 'No model was named.',
  unknown_model: 'The model is in no price list for this provider.',
  local_provider: 'A model on one’s own machine has no list price, which is not the same as being free.',
  no_price_listed: 'The price list knows the model and shows no price, not even zero.',
  amount_out_of_range: 'More than one call can cost: the tokens or the rates are wrong.',
};

const SOURCE_WORDS: Readonly<Record<CostSource, string>> = {
  override: 'the operator’s own price',
  provider: 'what the provider reported',
  gateway: 'what a gateway reported',
  price_book: 'the list price at the time of the call',
  client_table: 'what a client’s own table claims',
  none: 'nobody’s price',
};

const STATUS_WORDS: Readonly<Record<CostStatus, string>> = {
  exact: 'It is exact.',
  estimated: 'It is an estimate.',
  partial: 'It is a lower bound: something has no price or was not reported.',
  unpriced: 'There is no price: the 0 is none.',
};

/** A cost as an entry has it. */
export interface ExplainableCost {
  readonly nanoUsd: bigint;
  readonly otherNanoUsd: bigint;
  readonly status: string;
  readonly source: string;
  readonly priceId: string;
  readonly bookVersion: string;
  readonly unpricedTokens: number;
  readonly reasons: readonly string[];
  readonly claimNanoUsd: bigint;
  readonly claimBy: string;
}

/** Sentences on how a cost came about; none where there was nothing to pay for. */
export function explainCost(cost: ExplainableCost): readonly string[] {
  if (cost.status === '') return [];
  const sentences = [
    cost.status === 'unpriced' ? wordOf(STATUS_WORDS, cost.status) : sayAmount(cost),
    ...cost.reasons.map((reason) => wordOf(REASON_SENTENCES, reason)),
  ];
  if (cost.unpricedTokens > 0) sentences.push(`${cost.unpricedTokens.toLocaleString('en-US')} tokens have no price.`);
  if (cost.claimBy !== '' && cost.claimBy !== cost.source) {
    const who = wordOf(CLAIMANTS, cost.claimBy);
    sentences.push(`${who} put ${writeNanoUsd(cost.claimNanoUsd)} on it, which is kept for comparison.`);
  }
  return sentences;
}

const CLAIMANTS: Readonly<Record<string, string>> = {
  provider: 'The provider',
  gateway: 'A gateway',
  client_table: 'A table in the client',
};

function sayAmount(cost: ExplainableCost): string {
  const price = cost.priceId === '' ? '' : ` (${cost.priceId}, book ${cost.bookVersion})`;
  const other = cost.otherNanoUsd === 0n ? '' : `, ${writeNanoUsd(cost.otherNanoUsd)} of it for other than tokens`;
  const source = wordOf(SOURCE_WORDS, cost.source);
  return `It cost ${writeNanoUsd(cost.nanoUsd)}${other}, by ${source}${price}. ${wordOf(STATUS_WORDS, cost.status)}`;
}

/** The word for a code; the code itself where a newer version wrote it. */
function wordOf(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}

/** `$0.001234`: all digits that are not zero. */
export function writeNanoUsd(nanoUsd: bigint): string {
  const sign = nanoUsd < 0n ? '-' : '';
  const digits = `${nanoUsd < 0n ? -nanoUsd : nanoUsd}`.padStart(10, '0');
  const decimals = digits.slice(-9).replace(/0+$/, '').padEnd(2, '0');
  return `${sign}$${digits.slice(0, -9)}.${decimals}`;
}
