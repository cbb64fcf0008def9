import type { SaveError } from '../save-error.ts';
import type { SaveLogger } from '../save-logger.ts';

/** Near a limit one request is taken and the next is not: it is over only after so long without a refusal. */
const CALM_US = 5_000_000;

/** Says once that nothing more is taken, and why, and once that it is over, however many requests come meanwhile. */
export class AdmissionLog {
  readonly #logger: Pick<SaveLogger, 'warn' | 'info'>;
  #told: { readonly code: string; readonly sinceUs: number } | undefined;
  #lastUs = 0;
  #refused = 0;

  constructor(logger: Pick<SaveLogger, 'warn' | 'info'>) {
    this.#logger = logger;
  }

  refused({ code, message }: SaveError, nowUs: number): void {
    this.#lastUs = nowUs;
    this.#refused++;
    if (this.#told?.code === code) return;
    this.#told = { code, sinceUs: this.#told?.sinceUs ?? nowUs };
    this.#logger.warn({ code, reason: message }, 'requests are refused; it is not told again until they are taken');
  }

  taken(nowUs: number): void {
    if (this.#told === undefined || nowUs - this.#lastUs < CALM_US) return;
    const { code, sinceUs } = this.#told;
    const seconds = Math.round((this.#lastUs - sinceUs) / 1e6);
    this.#logger.info({ code, refused: this.#refused, seconds }, 'requests are taken again');
    this.#told = undefined;
    this.#refused = 0;
  }
}
