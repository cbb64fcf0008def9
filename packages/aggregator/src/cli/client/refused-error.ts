import { CommandError, type ExitCode } from '../command-error.ts';

/** The service answered, and not with what was asked for. */
export class RefusedError extends CommandError {
  readonly status: number;

  constructor(
    message: string,
    {
      status,
      ...options
    }: { readonly status: number; advice?: readonly string[]; exitCode?: ExitCode; cause?: unknown },
  ) {
    super(message, options);
    this.status = status;
  }
}
