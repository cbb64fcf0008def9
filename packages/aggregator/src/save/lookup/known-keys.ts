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

/** Keys of all records that came since then, µs. */
export async function* readKnownKeys(database: Database, sinceUs: number): AsyncGenerator<readonly KnownKey[]> {
  const since = 'ingest_time >= fromUnixTimestamp64Micro({sinceUs:Int64})';
  const read = (sql: string): AsyncGenerator<readonly KnownKey[]> =>
    database.read<KnownKeyDraft, KnownKey>(sql, {
      parameters: { sinceUs },
      columns: COLUMNS,
      makeDraft: () => ({ tenant: '', traceId: '', responseId: '' }),
      finish: (draft) => draft,
    });
  // In the order of the table, equal keys are next to each other: no set of all of them is made.
  yield* read(
    `SELECT DISTINCT tenant, trace_key FROM observations WHERE ${since} ORDER BY tenant, trace_key SETTINGS optimize_distinct_in_order = 1`,
  );
  yield* read(`SELECT tenant, response_id FROM observations WHERE ${since} AND response_id != ''`);
}
