import { CommandError, type ExitCode } from '../command-error.ts';

/** The service answered, and not with what was asked for. */
export class RefusedError extends CommandError {
  readonly status: number;
  /** Of the problem, where the service named one. */
  readonly code: string | undefined;

  constructor(message: string, { status, code, ...options }: RefusedErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

interface RefusedErrorOptions {
  readonly status: number;
  readonly code?: string | undefined;
  readonly advice?: readonly string[];
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}
