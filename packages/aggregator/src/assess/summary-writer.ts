// Writes summaries, one writer at a time: a version is higher than all before it, and a session that moves leaves no row behind.

import type { ClickHouseClient } from '@clickhouse/client';
import { findSummaries, hasNews, isVanished, type LedgerState } from '../query/read-summaries.ts';
import { readSessionsForKeeping } from '../query/read-session.ts';
import { type Reader, told } from '../query/reader.ts';
import { sumOfAll } from '../query/lines.ts';
import { type SessionFigures, tokensOf } from '../query/session-figures.ts';
import { sql } from '../query/sql.ts';
import { type Finalization, placeOf, type Summary, writeRemoval, writeSummary } from '../query/summary-rows.ts';
import type { DueTimes } from './due-sessions.ts';

export interface WriteOptions {
  readonly because: Finalization['because'];
  /** Leaves alone what turns out to have been booked to later. */
  readonly onlyIfDue?: DueTimes;
}

export interface SummaryWriterOptions {
  readonly client: ClickHouseClient;
  readonly reader: Reader;
  /** Hears of sessions that were not finalized before, when that is written. */
  readonly onFinalized?: ((summary: Summary) => void) | undefined;
  readonly nowUs: () => number;
}

export class SummaryWriter {
  readonly #client: ClickHouseClient;
  readonly #reader: Reader;
  readonly #onFinalized: ((summary: Summary) => void) | undefined;
  readonly #nowUs: () => number;
  #lastVersion: number | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SummaryWriterOptions) {
    this.#client = options.client;
    this.#reader = options.reader;
    this.#onFinalized = options.onFinalized;
    this.#nowUs = options.nowUs;
  }

  /**
   * Brings the summaries of a tenant's sessions up to date and returns them; sessions that nothing stands for have none. Running it
   * twice writes once, and after a crash it can simply run again.
   */
  write(tenant: string, sessionIds: readonly string[], options: WriteOptions): Promise<readonly Summary[]> {
    const next = this.#last.then(() => this.#write(tenant, sessionIds, options));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #write(tenant: string, sessionIds: readonly string[], options: WriteOptions): Promise<readonly Summary[]> {
    const ledger = await readSessionsForKeeping(this.#reader, tenant, sessionIds);
    const known = await findSummaries(this.#reader, tenant, sessionIds);
    const version = await this.#nextVersion();
    const wholeFromUs = known.size === 0 ? 0 : await this.#readWholeFrom();
    const summaries = new Map(known);
    const rows: Readonly<Record<string, unknown>>[] = [];
    const finalized: Summary[] = [];
    for (const found of ledger.standing.values()) {
      const before = known.get(found.sessionId);
      if (!isWorthWriting(found, before, options.onlyIfDue)) continue;
      // Days leave the ledger before summaries do: what is left of a session must not take the place of what it was.
      if (before !== undefined && before.figures.beganUs < wholeFromUs) continue;
      const summary = { figures: found, finalization: this.#finalize(before, version, options.because) };
      summaries.set(found.sessionId, summary);
      rows.push(writeSummary(summary));
      if (before === undefined) finalized.push(summary);
      if (before !== undefined && !isSamePlace(before.figures, found)) rows.push(writeRemoval(before.figures, version));
    }
    for (const [sessionId, before] of known) {
      if (!isVanished(before, ledger) || before.figures.beganUs < wholeFromUs) continue;
      summaries.delete(sessionId);
      rows.push(writeRemoval(before.figures, version));
    }
    if (rows.length > 0) await this.#insert(rows);
    for (const summary of finalized) this.#onFinalized?.(summary);
    return [...summaries.values()];
  }

  #finalize(before: Summary | undefined, version: number, because: Finalization['because']): Finalization {
    if (before === undefined) return { version, finalizedUs: this.#nowUs(), because, amendments: 0 };
    return { ...before.finalization, version, amendments: before.finalization.amendments + 1 };
  }

  /** Entries of sessions that began earlier may be gone, µs. */
  async #readWholeFrom(): Promise<number> {
    const { whole_from } = await this.#reader.row<{ whole_from: string }>(WHOLE_FROM, {});
    return Number(whole_from) * 1e6;
  }

  async #nextVersion(): Promise<number> {
    this.#lastVersion ??= Number((await this.#reader.row<{ version: string }>(LAST_VERSION, {})).version);
    this.#lastVersion = Math.max(this.#nowUs(), this.#lastVersion + 1);
    return this.#lastVersion;
  }

  /** All rows in one block, so in one part: a session that moves is at no time in two places or in none. */
  async #insert(rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    await told(() =>
      this.#client.insert({
        table: 'session_summaries',
        values: rows,
        format: 'JSONEachRow',
        clickhouse_settings: { async_insert: 0, max_insert_block_size: '1000000', max_insert_threads: '1' },
      }),
    );
  }
}

/** 0 while no day can have left by its TTL. */
const WHOLE_FROM = sql`
  SELECT toString(if(
    min(entries.ingest_day) <= toDate(now('UTC')) + 1 -
    (
      SELECT toUInt32OrZero(extract(any(create_table_query), 'toIntervalDay[(]([0-9]+)[)]'))
      FROM system.tables
      WHERE database = currentDatabase() AND name = 'entries'
    ),
    toUnixTimestamp(toDateTime(min(entries.ingest_day), 'UTC')),
    0
  )) AS whole_from
  FROM entries`;

const LAST_VERSION = sql`SELECT max(summary.version) AS version FROM session_summaries AS summary`;

function isWorthWriting(found: SessionFigures, before: Summary | undefined, due: DueTimes | undefined): boolean {
  if (before === undefined) return due === undefined || found.bookedUs < due.idleUs;
  return (due === undefined || found.bookedUs < due.calmUs) && hasNews(stateOf(found), before.figures);
}

function stateOf({ sessionId, lines, bookedUs }: SessionFigures): LedgerState {
  const { records, cost_nano_usd } = sumOfAll(lines);
  return {
    session_id: sessionId,
    booked_us: `${bookedUs}`,
    records: `${records}`,
    tokens: `${tokensOf(lines)}`,
    cost_nano_usd: `${cost_nano_usd}`,
  };
}

function isSamePlace(a: SessionFigures, b: SessionFigures): boolean {
  const [left, right] = [placeOf(a), placeOf(b)];
  return left.workflow === right.workflow && left.day === right.day;
}
