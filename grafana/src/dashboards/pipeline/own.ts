// Series that the aggregators tell of themselves, and Prometheus of scraping them.

import { labels } from '../../query/selected.ts';

/** `own('turnmeter_up', { part: 'clickhouse' })` */
export function own(name: string, rest: Readonly<Record<string, string>> = {}): string {
  return `${name}${labels([], rest)}`;
}

/** What a counter rose by, a second. */
export function rate(name: string, rest: Readonly<Record<string, string>> = {}): string {
  return `rate(${own(name, rest)}[$__rate_interval])`;
}

/** A quantile of a histogram, by labels. */
export function quantile(q: number, name: string, by: readonly string[] = []): string {
  return `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (${rate(`${name}_bucket`)}))`;
}
