// Amounts and times as people write them on a command line.

import { BalanceUnit } from '@turnmeter/control-store';
import { CommandError, ExitCode } from '../command-error.ts';
import { parseTime } from '../options.ts';

const NANO_DIGITS = 9;

/** `1000000` or `1_000_000` tokens; with `--usd` `12.50` dollars, as whole billionths. @throws CommandError with exit code 2 */
export function parseAmount(text: string, { usd }: { readonly usd?: true | undefined }): string {
  if (usd !== true) {
    if (/^\d+(?:_\d{3})*$/.test(text)) return BigInt(text.replaceAll('_', '')).toString();
    throw usage(`${JSON.stringify(text)} is no amount: expected a whole number of tokens, or --usd for dollars`);
  }
  const [, dollars, decimals = ''] = /^\$?(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (dollars !== undefined) return BigInt(`${dollars}${decimals.padEnd(NANO_DIGITS, '0')}`).toString();
  throw usage(
    `${JSON.stringify(text)} is no amount: expected US dollars like 12.50, with at most ${NANO_DIGITS} decimals`,
  );
}

/** How long from now: `12h`, `30d`. */
const FROM_NOW = /^(\d{1,6})([smhdw])$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** When something expires: a moment, or how long from now. @throws commander's InvalidArgumentError */
export function parseExpiry(text: string): string {
  const fromNow = FROM_NOW.exec(text);
  if (fromNow === null) return parseTime(text);
  return new Date(Date.now() + Number(fromNow[1]) * (UNIT_MS[fromNow[2] ?? ''] ?? 0)).toISOString();
}

export function unitOf({ usd }: { readonly usd?: true | undefined }): BalanceUnit {
  return usd === true ? BalanceUnit.NANO_USD : BalanceUnit.TOKENS;
}

function usage(message: string): CommandError {
  return new CommandError(message, { exitCode: ExitCode.USAGE });
}
