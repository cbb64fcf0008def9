// Amounts in words for people.

// Made once: `toLocaleString` with options makes one each time, which takes longer than all else of a cost check.
const BELOW_CENT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const BELOW_DOLLAR = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 3 });
const DOLLARS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const WHOLE = new Intl.NumberFormat('en-US');

/** `$1.60`, `$0.455`; below a cent three digits that count, `$0.00042`. */
export function sayUsd(nanoUsd: number): string {
  const usd = nanoUsd / 1e9;
  const size = Math.abs(usd);
  const format = size >= 1 || size === 0 ? DOLLARS : size < 0.01 ? BELOW_CENT : BELOW_DOLLAR;
  return `$${format.format(usd)}`;
}

/** `62 %`. Rounded down, so that what is not reached is not said to be. */
export function sayPercent(share: number): string {
  return `${WHOLE.format(Math.floor(share * 100 + 1e-9))} %`;
}

/** `1,234 tokens`, `1 token`. */
export function sayCount(count: number, one: string): string {
  return `${WHOLE.format(count)} ${one}${count === 1 ? '' : 's'}`;
}
