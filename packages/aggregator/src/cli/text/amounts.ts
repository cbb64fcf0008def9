// Numbers as people read them. Whatever is measured in another unit inside is brought here in the unit that the name says.

/** `1234567` → `1,234,567`. */
export function formatCount(value: number): string {
  const [whole = '', decimals] = String(value).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** An average: `12.4`, `1,234`. */
export function formatMean(value: number): string {
  return formatCount(Number(value.toFixed(Math.abs(value) < 100 ? 1 : 0)));
}

/**
 * Money with the digits that tell something: two decimals from a dollar on, three significant ones below. What costs something is
 * never `$0.00`: `1234.5` → `$1,234.50`, `0.01234` → `$0.0123`, `0.00000025` → `$0.00000025`.
 */
export function formatUsd(usd: number): string {
  const amount = Math.abs(usd);
  const sign = usd < 0 ? '-' : '';
  if (amount === 0) return '$0';
  if (amount >= 0.9995) return `${sign}$${withSeparators(amount.toFixed(2))}`;
  const decimals = Math.max(2, 2 - Math.floor(Math.log10(amount)));
  return `${sign}$${trimZeros(amount.toFixed(Math.min(decimals, 12)))}`;
}

/** A difference: `+$0.0021`, `-$0.5`, `$0`. */
export function formatUsdChange(usd: number): string {
  return usd > 0 ? `+${formatUsd(usd)}` : formatUsd(usd);
}

function withSeparators(fixed: string): string {
  const [whole = '', decimals = ''] = fixed.split('.');
  return `${formatCount(Number(whole))}.${decimals}`;
}

/** Zeros at the end tell nothing; two decimals stay, as money has them. */
function trimZeros(fixed: string): string {
  return fixed.replace(/(\.\d{2}\d*?)0+$/, '$1');
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `0.0042` → `4.2 ms`, `3.14` → `3.14 s`, `200` → `3 m 20 s`, `7300` → `2 h 01 m`, `100000` → `1 d 3 h`. */
export function formatSeconds(seconds: number): string {
  const amount = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '';
  if (amount === 0) return '0 s';
  if (amount < 0.9995) return `${sign}${significant(amount * 1000)} ms`;
  if (amount < MINUTE - 0.05) return `${sign}${significant(amount)} s`;
  if (Math.round(amount) < HOUR) return `${sign}${inTwo(Math.round(amount), [MINUTE, 'm'], [1, 's'])}`;
  if (amount < DAY) return `${sign}${inTwo(Math.round(amount), [HOUR, 'h'], [MINUTE, 'm'])}`;
  const days = Math.floor(amount / DAY);
  return `${sign}${formatCount(days)} d ${Math.floor((amount % DAY) / HOUR)} h`;
}

/** Three significant digits without exponent. */
function significant(value: number): string {
  if (value >= 99.95) return formatCount(Math.round(value));
  return String(Number(value.toFixed(value >= 9.995 ? 1 : 2)));
}

type Unit = readonly [seconds: number, name: string];

function inTwo(seconds: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeName} ${String(rest).padStart(2, '0')} ${smallName}`;
}

/** `0.123` → `12.3 %`; from a tenfold on without decimals. */
export function formatRatio(ratio: number): string {
  return `${formatPercentNumber(ratio * 100)} %`;
}

/** A change in percent: `+41 %`, `-3.2 %`, `±0 %`. */
export function formatPercentChange(percent: number): string {
  if (Math.abs(percent) < 0.05) return '±0 %';
  return `${percent > 0 ? '+' : ''}${formatPercentNumber(percent)} %`;
}

function formatPercentNumber(percent: number): string {
  return formatCount(Number(percent.toFixed(Math.abs(percent) < 99.95 ? 1 : 0)));
}

/** `2026-11-22T14:03:11.123Z` → `2026-11-22 14:03:11`: UTC, as the column's title says. */
export function formatTime(iso: string): string {
  return iso.replace('T', ' ').replace(/(?:\.\d+)?Z$/, '');
}

/** `1` → `1 session`, `12` → `12 sessions`. */
export function plural(count: number, noun: string, nouns: string = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** `1536` → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${formatMean(bytes / 1024 ** step)} ${units[step]}`;
}
