// Amounts in words for people.

/** `$1.60`; below a cent three digits that count, `$0.00042`. */
export function sayUsd(nanoUsd: number): string {
  const usd = nanoUsd / 1e9;
  const isSmall = usd !== 0 && Math.abs(usd) < 0.01;
  const digits = isSmall ? { maximumSignificantDigits: 3 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `$${usd.toLocaleString('en-US', digits)}`;
}

/** `62 %`. Rounded down, so that what is not reached is not said to be. */
export function sayPercent(share: number): string {
  return `${Math.floor(share * 100 + 1e-9).toLocaleString('en-US')} %`;
}

/** `1,234 tokens`, `1 token`. */
export function sayCount(count: number, one: string): string {
  return `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;
}
