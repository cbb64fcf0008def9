import type { Telemetry } from '../telemetry.ts';
import type { DatabaseOptions } from './database.ts';
import type { Limits } from './journal/admission.ts';
import type { Retention } from './migrate/migrate.ts';
import type { SaveLogger } from './save-logger.ts';

/** How to open a store. */
export interface StoreOptions {
  /** Where segments are until the database has them; made if it is not there. For this process alone. */
  readonly directory: string;
  readonly database: DatabaseOptions;
  /** How long rows are kept. @default as long as before */
  readonly retention?: Retention | undefined;
  /** @default 64 MiB in memory, 10 GiB on disk, 1 GiB left free */
  readonly limits?: Partial<Limits>;
  /** @default none */
  readonly telemetry?: Telemetry;
  /** @default none */
  readonly logger?: SaveLogger;
  /** Microseconds since 1970. @default the machine's clock */
  readonly nowUs?: () => number;
  /** From 0 to 1, for waiting times. @default Math.random */
  readonly random?: () => number;
  /** Free bytes of a directory's disk. @default asks the file system */
  readonly freeBytes?: (directory: string) => Promise<number>;
}

/** How a store is. */
export interface StoreStatus {
  /** Why nothing is taken, as a code; undefined if something is. */
  readonly refusal: string | undefined;
  /** Segments that were put aside because something is wrong with them, and need a person. */
  readonly quarantined: readonly number[];
  /** Segments on disk that the database does not have yet. */
  readonly pendingSegments: number;
  readonly pendingBytes: number;
  /** When the first row came that the database does not have yet, µs. What came before may be read there. */
  readonly unsavedSinceUs: number | undefined;
  /** The last attempt to save a segment, if it failed. */
  readonly lastFailure: { readonly code: string; readonly message: string; readonly atUs: number } | undefined;
}
