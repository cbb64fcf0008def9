import { LINE_KEYS, type LineRow, linesOf } from './lines.ts';
import type { Reader } from './reader.ts';
import { type SessionFigures, sessionFigures } from './session-figures.ts';
import { sql } from './sql.ts';
import { SUMS } from './sums.ts';

interface UnattributedRow extends LineRow {
  readonly workflow: string;
  readonly first_us: string;
  readonly last_us: string;
  readonly booked_us: string;
}

const COLUMNS = sql`
  entries.workflow AS workflow,
  ${LINE_KEYS},
  ${SUMS},
  toUnixTimestamp64Micro(min(entries.started_at)) AS first_us,
  toUnixTimestamp64Micro(max(entries.ended_at)) AS last_us,
  toUnixTimestamp64Micro(max(entries.ingest_time)) AS booked_us`;

/** Of all times: from the projection `day_sums`, whatever their number. */
const ALL_TIMES = sql`
  SELECT ${COLUMNS}
  FROM entries
  WHERE entries.tenant = {tenant:String} AND empty(entries.session_id)
  GROUP BY entries.workflow, ${LINE_KEYS}
  HAVING records != 0`;

/** Of a time that need not be whole days: from the entries themselves. */
const SOME_TIME = sql`
  SELECT ${COLUMNS}
  FROM entries
  WHERE entries.tenant = {tenant:String}
    AND entries.session_id = ''
    AND entries.ended_at >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')
    AND entries.ended_at < fromUnixTimestamp64Micro({to_us:Int64}, 'UTC')
  GROUP BY entries.workflow, ${LINE_KEYS}
  HAVING records != 0`;

/** Figures of what belongs to no session, one for each workflow: sums without turns. */
export async function readUnattributed(
  reader: Reader,
  tenant: string,
  { fromUs, toUs }: { readonly fromUs?: number | undefined; readonly toUs?: number | undefined } = {},
): Promise<readonly SessionFigures[]> {
  const isBounded = fromUs !== undefined || toUs !== undefined;
  const rows = isBounded
    ? await reader.rows<UnattributedRow>(SOME_TIME, { tenant, from_us: fromUs ?? 0, to_us: toUs ?? TIME_MAX_US })
    : await reader.rows<UnattributedRow>(ALL_TIMES, { tenant }, { projection: 'day_sums' });
  const workflows = [...Map.groupBy(rows, ({ workflow }) => workflow)];
  return workflows
    .filter(([, own]) => own.some(hasHappened))
    .map(([workflow, own]) =>
      sessionFigures({ tenant, sessionId: '', workflow }, linesOf(own), [], {
        firstUs: own.reduce((least, { first_us }) => Math.min(least, Number(first_us)), Number.POSITIVE_INFINITY),
        lastUs: own.reduce((most, { last_us }) => Math.max(most, Number(last_us)), 0),
        bookedUs: own.reduce((most, { booked_us }) => Math.max(most, Number(booked_us)), 0),
      }),
    );
}

/** Did anything happen, or was only something left out: a metric that repeats what sessions have? */
function hasHappened(row: UnattributedRow): boolean {
  return HAPPENINGS.some((name) => row[name] !== '0');
}

const HAPPENINGS = [
  'inferences',
  'turns',
  'tool_calls',
  'handoffs',
  'errors',
  'input_tokens',
  'output_tokens',
  'human_wait_us',
  'cost_nano_usd',
] as const;

/** The year 2261, near the last that a DateTime64 holds in µs. */
export const TIME_MAX_US = 9_200_000_000_000_000;
