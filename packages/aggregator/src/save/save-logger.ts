/** Where messages go. A pino logger is one. */
export interface SaveLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const SILENT: SaveLogger = { info() {}, warn() {}, error() {} };
