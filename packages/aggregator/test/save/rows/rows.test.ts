// Rows go through ClickHouse and come back. That writing alone and reading alone are right is tested against it in ../native.

import { BUILT_IN_PROFILES, type Observation, ProfileList } from '@turnmeter/accounting';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decoder } from '../../../src/decode/decoder.ts';
import { Normalizer } from '../../../src/normalize/normalizer.ts';
import { Database } from '../../../src/save/database.ts';
import { migrate } from '../../../src/save/migrate/migrate.ts';
import { MIGRATIONS_FOLDER, readMigrations } from '../../../src/save/migrate/migration-files.ts';
import { writeBlock } from '../../../src/save/native/block.ts';
import { ByteWriter } from '../../../src/save/native/byte-writer.ts';
import type { Column } from '../../../src/save/native/column.ts';
import { draftPosting, ENTRY_COLUMNS, finishPosting } from '../../../src/save/rows/entry-columns.ts';
import {
  draftObservation,
  finishObservation,
  OBSERVATION_COLUMNS,
} from '../../../src/save/rows/observation-columns.ts';
import { stampColumns } from '../../../src/save/rows/stamp.ts';
import { readCaptures } from '../../decode/captures.ts';
import { runEngine, type RunningEngine } from '../running-engine.ts';
import { anyObservation, anyPosting } from './arbitrary-rows.ts';
import type { PricedPosting } from '../../../src/price/price-postings.ts';

let engine: RunningEngine;
let database: Database;
beforeAll(async () => {
  engine = await runEngine();
  database = new Database({ url: engine.url, database: 'rows' });
  await migrate(database, await readMigrations(MIGRATIONS_FOLDER));
});
afterAll(async () => {
  await database.close();
  await engine.stop();
});

let segment = 0;

/** Inserts rows as a segment of their own and returns its number. */
async function insert<Row>(
  table: string,
  columns: readonly Column<Row, never>[],
  rows: readonly Row[],
): Promise<number> {
  segment++;
  const out = new ByteWriter();
  const stamp = stampColumns(() => ({ segment, writer: 'w', day: 20_779, arrivedUs: 20_779 * 86_400_000_000 }));
  writeBlock(out, [...stamp, ...columns], rows);
  await engine.send(`INSERT INTO rows.${table} FORMAT Native`, out.finish());
  return segment;
}

async function observationsOf(number: number): Promise<readonly Observation[]> {
  const names = OBSERVATION_COLUMNS.map(({ name }) => name).join(', ');
  const blocks = database.read(`SELECT ${names} FROM observations WHERE seg = {seg:UInt64}`, {
    parameters: { seg: number },
    columns: OBSERVATION_COLUMNS,
    makeDraft: draftObservation,
    finish: finishObservation,
  });
  const rows: Observation[] = [];
  for await (const block of blocks) rows.push(...block.map(({ observation }) => observation));
  return rows;
}

async function postingsOf(number: number): Promise<readonly PricedPosting[]> {
  const names = ENTRY_COLUMNS.map(({ name }) => name).join(', ');
  const blocks = database.read(`SELECT ${names} FROM entries WHERE seg = {seg:UInt64}`, {
    parameters: { seg: number },
    columns: ENTRY_COLUMNS,
    makeDraft: draftPosting,
    finish: finishPosting,
  });
  const rows: PricedPosting[] = [];
  for await (const block of blocks) rows.push(...block);
  return rows;
}

/** The tables sort rows, and objects made in different places have their fields in different orders: neither is compared. */
function comparable(rows: readonly object[]): readonly string[] {
  return rows.map((row) => JSON.stringify(sortKeys(row), sayUndefined)).toSorted();
}

function sayUndefined(_: string, value: unknown): unknown {
  return value === undefined ? '(none)' : value;
}

describe('rows', () => {
  it('of observations come back as they were, every field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyObservation, { minLength: 1, maxLength: 40 }), async (observations) => {
        const number = await insert('observations', OBSERVATION_COLUMNS, observations);
        expect(comparable(await observationsOf(number))).toEqual(comparable(observations));
      }),
      { numRuns: 15 },
    );
  });

  it('of what real producers sent come back as they were, every field', async () => {
    const profiles = new ProfileList(BUILT_IN_PROFILES);
    const decoder = new Decoder({ profiles });
    const observations = readCaptures()
      .filter(({ encoding }) => encoding === 'protobuf')
      .flatMap((request) => {
        const scope = { fallback: 'acme', mayName: [] };
        const normalizer = new Normalizer({ profiles, scope, receivedUs: 1_795_000_000_000_000 });
        decoder.decode(request, normalizer.add);
        return normalizer.observations;
      });
    expect(observations.length).toBeGreaterThan(1000);
    const number = await insert('observations', OBSERVATION_COLUMNS, observations);
    expect(comparable(await observationsOf(number))).toEqual(comparable(observations));
  });

  it('of entries come back as they were, every field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPosting, { minLength: 1, maxLength: 40 }), async (postings) => {
        const number = await insert('entries', ENTRY_COLUMNS, postings);
        expect(comparable(await postingsOf(number))).toEqual(comparable(postings));
      }),
      { numRuns: 15 },
    );
  });
});

function sortKeys<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(sortKeys) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sortKeys(one as unknown)]),
  ) as Value;
}
