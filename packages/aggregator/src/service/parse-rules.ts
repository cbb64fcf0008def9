// The operator's own prices and producers, from the configuration into what `pricing` and `accounting` understand.

import { BUILT_IN_PROFILES, parseProfileSpec, ProfileList, ProfileSpecError } from '@turnmeter/accounting';
import { createPriceBook, type PriceBook, type PriceOverride, PricingError } from '@turnmeter/pricing';
import { ConfigError } from '../config/config-error.ts';
import type { Config } from '../config/config.ts';

/** Profiles of the operator go before the built-in ones. */
export function profilesOf(config: Config): ProfileList {
  const problems: string[] = [];
  const own = config.profiles.flatMap((spec, at) => {
    try {
      return [parseProfileSpec(spec)];
    } catch (error) {
      if (!(error instanceof ProfileSpecError)) throw error;
      problems.push(`profiles.${at}: ${error.message}`);
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return new ProfileList([...own, ...BUILT_IN_PROFILES]);
}

export function pricesOf(config: Config): PriceBook {
  try {
    return createPriceBook({ overrides: config.prices as readonly unknown[] as readonly PriceOverride[] });
  } catch (error) {
    if (error instanceof PricingError) throw new ConfigError([`prices: ${error.message}`]);
    throw error;
  }
}
