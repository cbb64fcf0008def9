// Amounts in words for people.

/** `$1.60`, `$0.455`; below a cent three digits that count, `$0.00042`. */
export function sayUsd(nanoUsd: number): string {
  const usd = nanoUsd / 1e9;
  if (usd !== 0 && Math.abs(usd) < 0.01) return `$${usd.toLocaleString('en-US', { maximumSignificantDigits: 3 })}`;
  const maximumFractionDigits = Math.abs(usd) < 1 ? 3 : 2;
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits })}`;
}

/** `62 %`. Rounded down, so that what is not reached is not said to be. */
export function sayPercent(share: number): string {
  return `${Math.floor(share * 100 + 1e-9).toLocaleString('en-US')} %`;
}

/** `1,234 tokens`, `1 token`. */
export function sayCount(count: number, one: string): string {
  return `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;
}
