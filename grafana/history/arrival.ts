// Records of a month arrive within seconds here. What asks when records arrived (which sessions run, what came late) would see one busy minute,
// so each record is given the time at which it would have arrived: a second after it ended. Figures are what the service wrote.

import type { EmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';

const DELAY = 'INTERVAL 1 SECOND';

/** Tables are partitioned by the day of arrival, which no update can change: they are written anew. */
function moved(table: string): readonly string[] {
  const arrived = `${table}_arrived`;
  return [
    `CREATE TABLE ${arrived} AS ${table}`,
    `INSERT INTO ${arrived} SELECT * REPLACE (ended_at + ${DELAY} AS ingest_time, toDate(ended_at + ${DELAY}) AS ingest_day) FROM ${table}`,
    `EXCHANGE TABLES ${table} AND ${arrived}`,
    `DROP TABLE ${arrived}`,
  ];
}

/** A summary knows its last booking: one that is later is news, and the session would be looked at again. */
const SUMMARIES = `
  ALTER TABLE session_summaries
  UPDATE last_booked_at = ended_at + ${DELAY} + ${DELAY}, finalized_at = ended_at + INTERVAL 15 MINUTE
  WHERE 1
  SETTINGS mutations_sync = 2`;

export async function spreadArrivals({ url }: Pick<EmbeddedClickHouse, 'url'>): Promise<void> {
  for (const statement of [...moved('entries'), ...moved('observations'), SUMMARIES]) {
    const response = await fetch(`${url}/?database=turnmeter`, { method: 'POST', body: statement });
    const text = await response.text();
    if (!response.ok) throw new Error(`${statement.trim().slice(0, 60)}: ${text.slice(0, 400)}`);
  }
}
