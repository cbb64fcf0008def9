import type { Entry, Observation } from '@turnmeter/accounting';
import type { Database, QueryParameters } from '../database.ts';
import type { EntryCost } from '../../price/price-postings.ts';
import { draftPosting, ENTRY_COLUMNS, finishPosting } from '../rows/entry-columns.ts';
import {
  draftObservation,
  finishObservation,
  OBSERVATION_COLUMNS,
  type ObservationDraft,
  type SavedObservation,
} from '../rows/observation-columns.ts';
import { STAMP_COLUMNS } from '../rows/stamp.ts';

/** A record as the database has it: what was seen, what stands for it in the ledger, when it came. */
export interface SavedRecord {
  readonly observation: Observation;
  /** Undefined where nothing was booked. */
  readonly booked: Entry | undefined;
  /** What it was booked at; undefined where there was nothing to price. */
  readonly cost: EntryCost | undefined;
  /** µs. */
  readonly arrivedUs: number;
}

/** What stands in the ledger for a record. */
export interface StandingEntry {
  readonly entry: Entry;
  readonly cost: EntryCost | undefined;
}

/** Conditions of a query, and the values that are bound in them. */
export interface Condition {
  readonly where: string;
  readonly parameters: QueryParameters;
}

const READ_COLUMNS = [...(STAMP_COLUMNS as typeof OBSERVATION_COLUMNS), ...OBSERVATION_COLUMNS];
const OBSERVATION_NAMES = ['ingest_time', ...OBSERVATION_COLUMNS.map(({ name }) => name)].join(', ');
/** The view has what stands; sign and reversal are how it came to that. */
const ENTRY_NAMES = ENTRY_COLUMNS.map(({ name }) => name)
  .filter((name) => name !== 'sign' && name !== 'because')
  .join(', ');

/** Observations by record, those of one record in the order in which they came. */
export function readObservations(
  database: Database,
  { where, parameters }: Condition,
): AsyncGenerator<readonly SavedObservation[]> {
  return database.read<ObservationDraft, SavedObservation>(
    // In the order of the table but for the last: ClickHouse reads it part by part and sorts next to nothing.
    `SELECT ${OBSERVATION_NAMES} FROM observations WHERE ${where} ORDER BY tenant, trace_key, record_id, ingest_time`,
    { parameters, columns: READ_COLUMNS, makeDraft: draftObservation, finish: finishObservation },
  );
}

/** What stands in the ledger, by key of the record. */
export async function readStanding(
  database: Database,
  condition: Condition,
): Promise<ReadonlyMap<string, StandingEntry>> {
  const standing = new Map<string, StandingEntry>();
  for await (const block of readStandingEntries(database, condition)) {
    for (const one of block) standing.set(recordKeyOf({ ...one.entry, id: one.entry.recordId }), one);
  }
  return standing;
}

/** What stands in the ledger, in any order. */
export async function* readStandingEntries(
  database: Database,
  { where, parameters }: Condition,
): AsyncGenerator<readonly StandingEntry[]> {
  const blocks = database.read(`SELECT ${ENTRY_NAMES} FROM net_entries WHERE ${where}`, {
    parameters,
    columns: ENTRY_COLUMNS,
    makeDraft: draftPosting,
    finish: finishPosting,
  });
  for await (const block of blocks) yield block.map(({ entry, cost }) => ({ entry, cost }));
}

/** An observation with what stands for it. */
export function withStanding(
  { observation, arrivedUs }: SavedObservation,
  standing: ReadonlyMap<string, StandingEntry>,
): SavedRecord {
  const booked = standing.get(recordKeyOf(observation));
  return { observation, arrivedUs, booked: booked?.entry, cost: booked?.cost };
}

function recordKeyOf(of: {
  readonly tenant: string;
  readonly signal: string;
  readonly traceId: string;
  readonly id: string;
}): string {
  return JSON.stringify([of.tenant, of.signal, of.traceId, of.id]);
}
