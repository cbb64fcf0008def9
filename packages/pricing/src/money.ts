// In: decimal amounts as people and price lists write them. Out: integers of nano-USD, and exact ratios.
// Refused: negative amounts, more than nine decimals, anything that is not a plain decimal number.

/** An exact factor. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A decimal as configuration has it: text is read digit by digit, a number by its shortest decimal form. */
export type Decimal = string | number;

/** The neutral factor. */
export const ONE: Ratio = { numerator: 1n, denominator: 1n };

const NANO_DECIMALS = 9;
const NANO = 10n ** BigInt(NANO_DECIMALS);

// Longer text is no amount of money, and BigInt parsing is quadratic in it.
const DECIMAL_LENGTH_MAX = 40;
// '2.50', '0.0028', '1e-7' (how JavaScript prints small numbers).
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/;

/** Reads a decimal exactly; undefined if it is none. */
export function parseRatio(value: Decimal): Ratio | undefined {
  const text = String(value).trim();
  const match = text.length <= DECIMAL_LENGTH_MAX ? DECIMAL.exec(text) : null;
  if (match === null) {
    return undefined;
  }
  const [, sign = '', whole = '', decimals = '', exponent = '0'] = match;
  const digits = BigInt(whole + decimals) * (sign === '-' ? -1n : 1n);
  const places = decimals.length - Number(exponent);
  return places >= 0
    ? { numerator: digits, denominator: 10n ** BigInt(places) }
    : { numerator: digits * 10n ** BigInt(-places), denominator: 1n };
}

/** A decimal amount of USD as whole nano-USD; undefined if it is negative, finer than that, or no decimal at all. */
export function parseNanoUsd(value: Decimal): number | undefined {
  const ratio = parseRatio(value);
  if (ratio === undefined || ratio.numerator < 0n || (ratio.numerator * NANO) % ratio.denominator !== 0n) {
    return undefined;
  }
  return safeNumber((ratio.numerator * NANO) / ratio.denominator);
}

/** A price of the snapshot as nano-USD, rounded half up: price lists hold noise such as 0.18000000000000002. */
export function roundToNanoUsd(usd: number): number | undefined {
  const ratio = parseRatio(usd);
  if (ratio === undefined || ratio.numerator < 0n) {
    return undefined;
  }
  return safeNumber(divideHalfUp(ratio.numerator * NANO, ratio.denominator));
}

/** `value * ratio`, rounded half up. */
export function scale(value: number, ratio: Ratio): number | undefined {
  return safeNumber(divideHalfUp(BigInt(value) * ratio.numerator, ratio.denominator));
}

/** The product of two ratios. */
export function multiply(a: Ratio, b: Ratio): Ratio {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** Quotient of two non-negative integers, rounded half up. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** The same integer as a number, or undefined where a number would not hold it exactly. */
export function safeNumber(value: bigint): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Nano-USD as a decimal of USD without trailing zeros: 75000000 is '0.075'. */
export function formatUsd(nanoUsd: number | bigint): string {
  const digits = BigInt(nanoUsd)
    .toString()
    .padStart(NANO_DECIMALS + 1, '0');
  const decimals = digits.slice(-NANO_DECIMALS).replace(/0+$/, '');
  const whole = digits.slice(0, -NANO_DECIMALS);
  return decimals === '' ? whole : `${whole}.${decimals}`;
}
