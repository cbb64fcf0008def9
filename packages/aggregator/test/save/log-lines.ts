import type { SaveLogger } from '../../src/save/save-logger.ts';

/** Level, details and message. */
export type LogLine = readonly [level: 'info' | 'warn' | 'error', details: object, message: string];

/** A log that is kept in a list. */
export function logOf(lines: LogLine[]): SaveLogger {
  return {
    info: (details, message) => lines.push(['info', details, message]),
    warn: (details, message) => lines.push(['warn', details, message]),
    error: (details, message) => lines.push(['error', details, message]),
  };
}
