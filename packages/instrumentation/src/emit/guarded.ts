import { diag } from '@opentelemetry/api';

/** Runs telemetry's own code: what it throws never reaches the app, and is said once per place. */
export function guarded<T>(place: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    warnOnce(place, `${place} failed; the app goes on, telemetry of it is missing`, error);
    return undefined;
  }
}

/** Says something to OpenTelemetry's diagnostics, once in the life of the process. */
export function warnOnce(key: string, message: string, ...details: unknown[]): void {
  if (said.has(key) || said.size >= SAID_MAX) return;
  said.add(key);
  diag.warn(`turnmeter: ${message}`, ...details);
}

const said = new Set<string>();
/** Keys are made in code, not from data; the bound is for a mistake there. */
const SAID_MAX = 1000;
