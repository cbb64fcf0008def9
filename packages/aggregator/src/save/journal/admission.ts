import { SaveError, SaveErrorCode } from '../save-error.ts';

/** How much may be held before it is refused. */
export interface Limits {
  /** Bytes that wait in memory to be synced. */
  readonly queueBytesMax: number;
  /** Bytes of segments that wait on disk for the database. */
  readonly spoolBytesMax: number;
  /** Free bytes of the disk below which nothing more is taken. */
  readonly diskReserveBytes: number;
}

/** How much is held. */
export interface Load {
  readonly queueBytes: number;
  readonly spoolBytes: number;
  readonly freeBytes: number;
  readonly nowUs: number;
}

const MIB = 1024 * 1024;

export const LIMITS_DEFAULT: Limits = {
  queueBytesMax: 64 * MIB,
  spoolBytesMax: 10 * 1024 * MIB,
  diskReserveBytes: 1024 * MIB,
};

const DATABASE_RESERVE_BYTES = 256 * MIB;

/** What the database leaves of the same disk: less than is left of it by requests, or what they brought could not be saved. */
export function databaseReserveOf({ diskReserveBytes }: Limits): number {
  return Math.min(DATABASE_RESERVE_BYTES, Math.floor(diskReserveBytes / 4));
}

/** 2026-01-01 in µs: a clock before it was never set. Rows are dropped by the day on which they came, so it must be about right. */
const CLOCK_MIN_US = 1_767_225_600_000_000;

/** Why nothing more is taken, if so. All of these can heal, so the sender is told to come back. */
export function refusalOf(load: Load, limits: Limits): SaveError | undefined {
  if (load.nowUs < CLOCK_MIN_US) {
    return refused(SaveErrorCode.clockWrong, "The machine's clock is wrong", 'a time after 2025', `${load.nowUs} µs`);
  }
  if (load.freeBytes < limits.diskReserveBytes) {
    const expected = `${limits.diskReserveBytes} free bytes`;
    return refused(SaveErrorCode.diskFull, 'The disk is nearly full', expected, `${load.freeBytes}`);
  }
  if (load.queueBytes > limits.queueBytesMax) {
    const expected = `at most ${limits.queueBytesMax} bytes that wait`;
    return refused(
      SaveErrorCode.queueFull,
      'Requests come faster than the disk takes them',
      expected,
      `${load.queueBytes}`,
    );
  }
  if (load.spoolBytes > limits.spoolBytesMax) {
    const expected = `at most ${limits.spoolBytesMax} bytes of segments`;
    return refused(SaveErrorCode.spoolFull, 'The database has been away for too long', expected, `${load.spoolBytes}`);
  }
  return undefined;
}

function refused(code: SaveErrorCode, what: string, expected: string, received: string): SaveError {
  return new SaveError(code, `${what}: expected ${expected}, received ${received}`, { retryable: true });
}
