import type { Reason } from '@turnmeter/pricing';

/** Why a price is an assumption, or is not there, as a part of a sentence. */
export function reasonInWords(reason: Reason): string {
  return WORDS[reason];
}

const WORDS: Readonly<Record<Reason, string>> = {
  provider_inferred: "no provider is named, so it is the price of the model's maker",
  free_model: 'the price list gives the model away',
  reported_zero: 'a cost of 0 was reported for a call with tokens, which is no price',
  reported_invalid: 'a reported cost makes no sense',
  nothing_to_price: 'nothing was spent that has a price',
  provider_from_prefix: "the provider is taken from the beginning of the model's name",
  provider_unknown: "the provider is not known, so it is the price of the model's maker",
  provider_guessed: "the provider's name only resembles a known one",
  provider_mismatch: "the provider has no such model, so it is the price of the model's maker",
  model_guessed: "the model's name only resembles a known one",
  model_date_dropped: 'the model is known without its date only',
  model_variant_dropped: 'the model is known without its variant only',
  model_prefix_dropped: 'the model is known without the prefix of its name only',
  request_model_used: 'the model that answered is not known, the one that was asked for is',
  tier_assumed: 'the factor of the service tier is an assumption',
  no_cache_read_price: 'cached input has no price of its own: charged as input',
  no_cache_write_price: 'cache writes have no price of their own: charged as input',
  no_cache_write_1h_price: 'one-hour cache writes have no price of their own: charged as five-minute ones',
  cache_write_ttl_assumed: 'nobody said how long cache writes live: charged as five-minute ones',
  no_audio_price: 'audio has no price of its own: charged as text',
  no_image_price: 'images have no price of their own: charged as text',
  cached_media_assumed: 'how much cached and audio or image tokens overlap is not known',
  parts_exceed_whole: 'parts are larger than their whole: charged beside it',
  request_fee_assumed: 'a fee per request that varies, at its highest',
  time_invalid: 'the time of the call is no time: the latest price',
  unsupported_price_unit: 'the price list has a kind of price that this version does not know',
  client_table_claim: "nobody else has a price: the claim of a client's own table",
  usage_missing_part: 'input or output was not reported',
  usage_invalid: 'a token count makes no sense',
  no_input_price: 'input has no price',
  no_output_price: 'output has no price',
  no_charge_price: 'something that is not a token has no price',
  charge_invalid: 'the quantity or unit cost of a charge makes no sense',
  usage_missing: 'no usage was reported',
  no_model: 'no model is named',
  unknown_model: 'the model is in no price list',
  local_provider: "a model on one's own machine has no list price, which is not the same as being free",
  no_price_listed: 'the price list knows the model and shows no price',
  amount_out_of_range: 'more than 9 million USD: the tokens or the rates are wrong',
};
