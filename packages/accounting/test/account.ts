// Accounts plain records the way the aggregator does, for tests.

import {
  Book,
  BUILT_IN_PROFILES,
  Figures,
  logFrom,
  observe,
  type PlainLog,
  type PlainPoint,
  type PlainSpan,
  pointFrom,
  ProfileList,
  spanFrom,
} from '@turnmeter/accounting';

/** Some time in November 2026, ms. */
export const T0 = 1_795_000_000_000;

export interface Input {
  readonly spans?: readonly PlainSpan[];
  readonly logs?: readonly PlainLog[];
  readonly points?: readonly PlainPoint[];
}

/** Figures after all records have arrived and the traces are quiet. */
export function account(input: Input, profiles: ProfileList = new ProfileList(BUILT_IN_PROFILES)): Figures {
  const book = new Book();
  const figures = new Figures();
  const records = [
    ...(input.spans ?? []).map((plain) => spanFrom(plain, profiles)),
    ...(input.logs ?? []).map((log) => logFrom(log, profiles)),
    ...(input.points ?? []).map((point) => pointFrom(point, profiles)),
  ];
  for (const record of records)
    book.add(observe(record, { profiles, tenant: 'acme', receivedUs: T0 * 1000 + 60_000_000 }), 0);
  // Once as it arrived, once when all is quiet: the second must take back what the first knew wrong.
  figures.apply(book.settle(0));
  return figures.apply(book.settle(3_600_000_000));
}

/** A span of trace `t`, ten milliseconds long, unless said otherwise. */
export function span(spanId: string, parentId: string, rest: Partial<PlainSpan> = {}): PlainSpan {
  return { traceId: 't', spanId, parentId, startMs: T0, endMs: T0 + 10, ...rest };
}
