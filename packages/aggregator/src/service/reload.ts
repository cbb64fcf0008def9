// In: the configuration as it is in its file now. Out: its keys, prices and budgets in force, all of them or none. Refused: what is wrong; then all stays
// as it was, and the log says what it is.

import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.ts';
import type { Config } from '../config/config.ts';
import type { Exposure } from '../expose/exposure.ts';
import type { Keyring } from '../keyring.ts';
import type { PriceBookInForce } from '../price/price-book-in-force.ts';
import type { Telemetry } from '../telemetry.ts';
import { pricesOf } from './parse-rules.ts';

export interface ReloadParts {
  /** What the service was started with. */
  readonly config: Config;
  readonly keyring: Pick<Keyring, 'replaceConfigured'>;
  readonly prices: Pick<PriceBookInForce, 'replace'>;
  readonly exposure: Pick<Exposure, 'reconfigure'>;
  readonly telemetry: Pick<Telemetry, 'count'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

const RELOADED = ['keys', 'prices', 'budgets'] as const satisfies readonly (keyof Config)[];

export function reload(read: () => Config, parts: ReloadParts): void {
  const { keyring, prices, exposure, telemetry, logger } = parts;
  try {
    const config = read();
    // What can be wrong comes first.
    const book = pricesOf(config);
    keyring.replaceConfigured(config.keys);
    prices.replace(book);
    exposure.reconfigure(config.budgets, book);
    telemetry.count('turnmeter_config_reloads_total', { outcome: 'ok' });
    const counts = Object.fromEntries(RELOADED.map((name) => [name, config[name].length]));
    logger.info({ ...counts, priceBook: book.version }, 'the configuration was read anew: keys, prices and budgets');
    const others = changedSettings(parts.config, config);
    if (others.length > 0) logger.warn({ settings: others }, 'settings have changed that take a restart');
  } catch (error) {
    telemetry.count('turnmeter_config_reloads_total', { outcome: 'failed' });
    const details = error instanceof ConfigError ? { problems: error.problems } : { err: error };
    logger.error(details, 'the configuration was not read anew: what was in force stays');
  }
}

/** Parts of the configuration that are not as the service was started with, but for those that are in force at once. */
function changedSettings(started: Config, config: Config): readonly string[] {
  const names = (Object.keys(config) as (keyof Config)[]).filter((name) => !RELOADED.some((one) => one === name));
  return names.filter((name) => JSON.stringify(started[name]) !== JSON.stringify(config[name]));
}
