// What an error says to the person at the keyboard, and what the process ends with.

import { CommandError, ExitCode } from './command-error.ts';
import type { Paint } from './text/paint.ts';

export interface ErrorDescription {
  readonly lines: readonly string[];
  readonly exitCode: ExitCode;
}

export function describeError(error: unknown, paint: Paint): ErrorDescription {
  const label = paint('bad', 'error');
  if (error instanceof CommandError) {
    return {
      lines: [`${label}: ${error.message}`, ...error.advice.map((line) => `  ${line}`)],
      exitCode: error.exitCode,
    };
  }
  if (!(error instanceof Error)) return { lines: [`${label}: ${String(error)}`], exitCode: ExitCode.FAILED };
  const code = 'code' in error ? String(error.code) : '';
  // By its code and not its class, so that only what reads configuration is loaded for it.
  if (code === 'invalid_config') {
    return {
      lines: [`${label}: ${error.message}`, '  `turnmeter config` lists all settings.'],
      exitCode: ExitCode.USAGE,
    };
  }
  if (code === 'port_unavailable' || code === 'EADDRINUSE') {
    return { lines: [`${label}: ${whyNoPort(error)}`, ...PORT_ADVICE], exitCode: ExitCode.FAILED };
  }
  if (/^[a-z][a-z_]+$/.test(code)) {
    return { lines: [`${label}: ${error.message} (${code})`, ...adviceOf(code)], exitCode: ExitCode.FAILED };
  }
  // Nobody foresaw this one: whoever reports it needs to know where it was.
  return { lines: [`${label}: ${error.stack ?? error.message}`], exitCode: ExitCode.FAILED };
}

const PORT_ADVICE: readonly string[] = [
  '  Another Turnmeter, or an OpenTelemetry Collector, may be running. Stop it, or choose other ports:',
  '  --otlp-port, --grpc-port and --http-port; 0 takes any free one.',
];

/** The system's own word for it, where there is one, is somewhere behind what the service made of it. */
function whyNoPort(error: Error): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === 'EADDRINUSE' && 'port' in cause) {
      return `port ${String(cause.port)} is in use by another program: expected a free one`;
    }
  }
  return `${error.message}: expected ports that are free and may be opened`;
}

function adviceOf(code: string): readonly string[] {
  if (code !== 'directory_in_use' && code !== 'data_dir_in_use') return [];
  return [
    '  A running service has its data to itself. Ask it instead: --url http://127.0.0.1:8318 in place of --data-dir.',
  ];
}
