import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';

export const Failure = {
  /** Others were in the way: the same transaction may succeed now. */
  CONFLICT: 'conflict',
  /** The database cannot be reached or does not work. */
  BROKEN: 'broken',
  /** Refused by us, or a mistake of ours. */
  OTHER: 'other',
} as const;
export type Failure = (typeof Failure)[keyof typeof Failure];

/** Primary result codes, https://sqlite.org/rescode.html: SQLITE_BUSY, SQLITE_LOCKED. */
const SQLITE_CONFLICTS: ReadonlySet<number> = new Set([5, 6]);
/** SQLITE_CONSTRAINT and the like are mistakes of ours; these are not: PERM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const SQLITE_BREAKS: ReadonlySet<number> = new Set([3, 8, 10, 11, 13, 14, 26]);
/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization_failure, deadlock_detected, lock_not_available, and
 * unique_violation, which is how a row appears that was not there when it was looked for.
 */
const POSTGRES_CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01', '55P03', '23505']);
/** Classes: connection exception, invalid authorization, insufficient resources, operator intervention, system error; unknown database. */
const POSTGRES_BREAKS = /^(?:08|28|53|57|58)|^3D000$/;
/** Of sockets and of pg itself, which gives its errors no code. */
const NETWORK_BREAKS = /^E[A-Z]+$/;
const PG_BREAKS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error) || error instanceof ControlStoreError) return Failure.OTHER;
  const { errcode, code } = error as { readonly errcode?: unknown; readonly code?: unknown };
  if (typeof errcode === 'number') {
    // The upper bits say more about the same.
    const primary = errcode & 0xff;
    if (SQLITE_CONFLICTS.has(primary)) return Failure.CONFLICT;
    return SQLITE_BREAKS.has(primary) ? Failure.BROKEN : Failure.OTHER;
  }
  if (typeof code !== 'string') return PG_BREAKS.test(error.message) ? Failure.BROKEN : Failure.OTHER;
  if (POSTGRES_CONFLICTS.has(code)) return Failure.CONFLICT;
  return POSTGRES_BREAKS.test(code) || NETWORK_BREAKS.test(code) ? Failure.BROKEN : Failure.OTHER;
}

/** Of kysely, which gives its errors no code: whoever asks after the store was stopped. */
const DESTROYED = /driver has already been destroyed/;

/** What repositories throw of it. Anything but a failure of the database stays what it is. */
export function describeFailure(error: unknown): unknown {
  if (error instanceof Error && DESTROYED.test(error.message)) {
    return new ControlStoreError('The control store was stopped.', {
      code: ControlStoreErrorCode.STOPPED,
      cause: error,
    });
  }
  const failure = failureOf(error);
  if (failure === Failure.OTHER || !(error instanceof Error)) return error;
  if (failure === Failure.CONFLICT) {
    return new ControlStoreError(`Others kept the control store busy for too long: ${error.message}`, {
      code: ControlStoreErrorCode.BUSY,
      cause: error,
    });
  }
  return new ControlStoreError(`The control store does not work: ${error.message}`, {
    code: ControlStoreErrorCode.UNAVAILABLE,
    cause: error,
  });
}
