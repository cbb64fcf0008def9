// What the database knows of, to tell late news from new: streamed, since there may be millions.

import type { Database } from '../database.ts';
import type { Column } from '../native/column.ts';
import { columnKinds } from '../rows/column-kinds.ts';

/** A trace (or a record outside any trace) and, in another one, a response id. */
export interface KnownKey {
  readonly tenant: string;
  /** `signal/id` for a record outside any trace; '' if this is about a response id. */
  readonly traceId: string;
  /** '' if this is about a trace. */
  readonly responseId: string;
}

interface KnownKeyDraft {
  tenant: string;
  traceId: string;
  responseId: string;
}

const { label, id } = columnKinds<never, KnownKeyDraft>();
const NOTHING = (): string => '';
const COLUMNS: readonly Column<never, KnownKeyDraft>[] = [
  label('tenant', NOTHING, (draft, value) => (draft.tenant = value)),
  id('trace_key', NOTHING, (draft, value) => (draft.traceId = value)),
  id('response_id', NOTHING, (draft, value) => (draft.responseId = value)),
];

/** What has to be known again. */
export interface KnownKeysOptions {
  /** µs. */
  readonly sinceUs: number;
  /** Records to look at, about: the last ones. */
  readonly recordsMax: number;
}

/** Records of one query: with more of them, keys would come in no order that matters. */
const CHUNK_RECORDS = 1_000_000;

/** Keys of all records that came since then, the oldest first, so that whoever has too many forgets these. */
export async function* readKnownKeys(
  database: Database,
  options: KnownKeysOptions,
): AsyncGenerator<readonly KnownKey[]> {
  for (const period of await findPeriods(database, options)) {
    const read = (sql: string): AsyncGenerator<readonly KnownKey[]> =>
      database.read<KnownKeyDraft, KnownKey>(sql, {
        parameters: { ...period },
        columns: COLUMNS,
        makeDraft: () => ({ tenant: '', traceId: '', responseId: '' }),
        finish: (draft) => draft,
      });
    // In the order of the table, equal keys are next to each other: no set of all of them is made.
    yield* read(
      `SELECT DISTINCT tenant, trace_key FROM observations WHERE ${WITHIN} ORDER BY tenant, trace_key SETTINGS optimize_distinct_in_order = 1`,
    );
    yield* read(`SELECT tenant, response_id FROM observations WHERE ${WITHIN} AND response_id != ''`);
  }
}

const SINCE = 'ingest_time >= fromUnixTimestamp64Micro({sinceUs:Int64})';
const WITHIN = `${SINCE} AND ingest_time < fromUnixTimestamp64Micro({untilUs:Int64})`;

const HOUR_US = 3_600_000_000;

/** Hours put together, from the oldest to the newest. */
async function findPeriods(
  database: Database,
  { sinceUs, recordsMax }: KnownKeysOptions,
): Promise<readonly { readonly sinceUs: number; readonly untilUs: number }[]> {
  const hours = await database.rows<{ hour: number; count: string }>(
    `SELECT toUnixTimestamp(toStartOfHour(ingest_time)) AS hour, count() AS count
     FROM observations WHERE ${SINCE} GROUP BY hour ORDER BY hour DESC`,
    { sinceUs },
  );
  const periods: { sinceUs: number; readonly untilUs: number }[] = [];
  let records = 0;
  let chunkRecords = Number.POSITIVE_INFINITY;
  for (const { hour, count } of hours) {
    if (records > recordsMax) break;
    const startUs = Math.max(sinceUs, hour * 1_000_000);
    records += Number(count);
    chunkRecords += Number(count);
    const last = periods.at(-1);
    if (last !== undefined && chunkRecords <= CHUNK_RECORDS) {
      last.sinceUs = startUs;
    } else {
      periods.push({ sinceUs: startUs, untilUs: hour * 1_000_000 + HOUR_US });
      chunkRecords = Number(count);
    }
  }
  return periods.toReversed();
}
