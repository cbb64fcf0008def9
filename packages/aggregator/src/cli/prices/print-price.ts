// What a model costs, for people.

import type { ChargeDescription, PriceDescription, ServiceTierDescription, TierDescription } from '@turnmeter/pricing';
import type { Invocation } from '../invocation.ts';
import { printTable } from '../print-table.ts';
import { formatCount } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';
import { reasonInWords } from './reason-words.ts';

export interface Asked {
  readonly askedFor: string;
  readonly at: string;
  readonly bookVersion: string;
}

export function printPrice(
  invocation: Invocation,
  price: PriceDescription,
  { askedFor, at, bookVersion }: Asked,
): void {
  const { paint } = invocation;
  const names = [price.model ?? askedFor, price.provider]
    .filter((name) => name !== undefined)
    .map((name) => shown(name));
  invocation.print(`${paint('title', names.join(' · '))}  USD per million tokens`, '');
  if (price.tiers.length > 0) printTable(invocation, rateRows(price.tiers), rateColumns(price.tiers));
  if (price.charges.length > 0) {
    invocation.print(...(price.tiers.length > 0 ? [''] : []));
    printTable(invocation, price.charges, CHARGE_COLUMNS);
  }
  const facts: readonly (readonly [string, string])[] = [
    ['source', sourceInWords(price, bookVersion)],
    ['valid', periodInWords(price, at)],
    ['service tiers', price.serviceTiers.map(tierInWords).join(', ')],
    ...price.reasons.map((reason) => ['assumed', reasonInWords(reason)] as const),
    ...assumedRates(price.tiers),
    ['price id', price.priceId],
  ];
  invocation.print(
    '',
    ...facts
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `${paint('faint', name.padEnd(15))}${shown(text)}`),
  );
}

interface RateRow {
  readonly bucket: string;
  /** By tier. */
  readonly rates: readonly string[];
}

function rateRows(tiers: readonly TierDescription[]): readonly RateRow[] {
  const buckets = [...new Set(tiers.flatMap(({ rates }) => rates.map(({ bucket }) => bucket)))];
  return buckets.map((bucket) => ({
    bucket: inWords(bucket),
    rates: tiers.map(({ rates }) => rates.find((rate) => rate.bucket === bucket)?.usdPerMillion ?? ''),
  }));
}

function rateColumns(tiers: readonly TierDescription[]): readonly Column<RateRow>[] {
  return [
    { title: 'tokens', cell: ({ bucket }) => bucket },
    ...tiers.map(({ aboveInputTokens }, at): Column<RateRow> => {
      const title = aboveInputTokens === 0 ? 'rate' : `above ${formatCount(aboveInputTokens)} input`;
      return { title, align: 'decimal', cell: ({ rates }) => dollars(rates[at] ?? '') };
    }),
  ];
}

/** `2.5` → `$2.50`: exact, with two decimals where there are any. */
function dollars(usd: string): string {
  return usd === '' ? '' : `$${usd.replace(/\.(\d)$/, '.$10')}`;
}

/** `cacheWrite1h` → `cache write 1h`. */
function inWords(bucket: string): string {
  return bucket.replaceAll(/[A-Z]|\d+[a-z]/g, (part) => ` ${part.toLowerCase()}`);
}

const CHARGE_COLUMNS: readonly Column<ChargeDescription>[] = [
  { title: 'other charges', cell: ({ kind, name }) => shown(name === undefined ? kind : `${kind} ${name}`) },
  { title: 'price', align: 'decimal', cell: ({ usd }) => dollars(usd) },
  { title: 'per', align: 'right', cell: ({ per }) => formatCount(per) },
  { title: 'whose', cell: ({ source }) => (source === 'override' ? 'your own' : 'price list') },
];

function sourceInWords({ source }: PriceDescription, bookVersion: string): string {
  switch (source) {
    case 'override':
      return 'your own price, from the configuration';
    case 'price_book':
      return `price list ${bookVersion.split('+')[0] ?? ''}`;
    default:
      return 'nobody has a price for its tokens';
  }
}

function periodInWords({ effectiveFrom, effectiveTo }: PriceDescription, at: string): string {
  const from = effectiveFrom === undefined ? 'always' : `since ${day(effectiveFrom)}`;
  return `${from}${effectiveTo === undefined ? '' : `, until ${day(effectiveTo)}`} (asked for ${day(at)})`;
}

function day(iso: string): string {
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function tierInWords({ tier, factor, isPublished }: ServiceTierDescription): string {
  return `${tier} × ${factor}${isPublished ? '' : ' (assumed)'}`;
}

function assumedRates(tiers: readonly TierDescription[]): readonly (readonly [string, string])[] {
  const notes = tiers.flatMap(({ rates }) => rates.flatMap(({ assumption }) => assumption ?? []));
  return [...new Set(notes)].map((note) => ['assumed', reasonInWords(note)]);
}
