/** What the process ends with. */
export const ExitCode = {
  OK: 0,
  /** It did not work, or what was asked for is not there. */
  FAILED: 1,
  /** The command, its options or the configuration are wrong. */
  USAGE: 2,
  /** 128 and the number of the signal, as shells have it. */
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A command failed in a way that its user can do something about. Message: what happened, what was expected, what was received. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** What to do now; one line each. */
  readonly advice: readonly string[];
  readonly exitCode: ExitCode;

  constructor(message: string, options: { advice?: readonly string[]; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.advice = options.advice ?? [];
    this.exitCode = options.exitCode ?? ExitCode.FAILED;
  }
}
