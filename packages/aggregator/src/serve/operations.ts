// What the API asks of the writing side, which it does not import. Whoever wires the service together brings it.

import type { Readable } from 'node:stream';
import type { PriceDescription } from '@turnmeter/pricing';
import type { BackupScope } from '../query/backup.ts';

/** Whether telemetry is taken, for those who route requests. */
export interface Readiness {
  readonly isReady: boolean;
  /** What is not as it should be, in words. While the database is away, telemetry is taken nevertheless. */
  readonly reasons: readonly string[];
}

/** Prices as they are now, for history that was priced by others. */
export interface RepriceRequest {
  readonly tenant: string;
  /** Entries that ended at or after, µs. */
  readonly fromUs: number;
  /** Entries that ended before, µs. */
  readonly toUs: number;
  /** Only tells what would change. */
  readonly isDryRun: boolean;
}

/** What repricing changed, or would change, of one model. */
export interface RepricedModel {
  readonly provider: string;
  readonly model: string;
  readonly entries: number;
  readonly beforeNanoUsd: bigint;
  readonly afterNanoUsd: bigint;
}

export interface RepriceResult {
  /** Entries that were looked at. */
  readonly entries: number;
  /** Entries whose cost, price or status is another now. */
  readonly changed: number;
  readonly beforeNanoUsd: bigint;
  readonly afterNanoUsd: bigint;
  readonly bookVersion: string;
  readonly models: readonly RepricedModel[];
}

export interface PriceQuestion {
  readonly model: string;
  readonly provider: string | undefined;
  readonly tenant: string;
  readonly timeMs: number;
}

/** Model prices. `createPriceBook` of `@turnmeter/pricing` answers them. */
export interface PriceLookup {
  /** Which price book it is. */
  readonly version: string;
  describe(question: PriceQuestion): PriceDescription;
}

/** A migration that made the tables. */
export interface BackupMigration {
  readonly name: string;
  readonly checksum: string;
}

/** What a backup has beside the rows of tables. */
export interface BackupSource {
  /** Of the service. */
  readonly version: string;
  /** How far the database has everything at this moment. */
  scope(): Promise<BackupScope>;
  migrations(): Promise<readonly BackupMigration[]>;
  /** The file of the control store as of now; undefined where it is no file. */
  readonly copyControl: (() => Promise<Readable>) | undefined;
}

/** What was accepted and is not in the database. */
export interface Unsaved {
  /** Files that wait for it. */
  readonly pendingSegments: number;
  readonly pendingBytes: number;
  /** When the first row came that it does not have, µs. */
  readonly unsavedSinceUs: number | undefined;
  /** Of the last insert, if it failed. */
  readonly lastFailure: { readonly code: string } | undefined;
}

export interface Operations {
  /** Resolves when all that was accepted before is in the database. */
  flush(): Promise<void>;
  unsaved(): Unsaved;
  /**
   * Prices history again and books the differences.
   * @throws whatever has `retryable` where the same may succeed later
   */
  reprice(request: RepriceRequest): Promise<RepriceResult>;
  readonly backup: BackupSource;
  readiness(): Readiness;
  readonly prices: PriceLookup;
}
