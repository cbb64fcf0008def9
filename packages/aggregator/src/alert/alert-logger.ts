/** Where what goes wrong with alerts is written; a pino logger is one. Neither secrets nor paths of webhooks are given to it. */
export interface AlertLogger {
  warn(details: object, message: string): void;
}
