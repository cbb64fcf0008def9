import { diag } from '@opentelemetry/api';

/** Says something to OpenTelemetry's diagnostics: it is one session's. */
export function say(message: string): void {
  diag.warn(`turnmeter: ${message}`);
}

/** Says something so that nobody misses it, once in the life of the process: that a budget does not hold, as somebody thinks it does. */
export function sayLoudly(key: string, message: string): void {
  if (said.has(key)) return;
  said.add(key);
  process.emitWarning(message, { type: 'TurnmeterBudget', code: `TURNMETER_${key.toUpperCase()}` });
}

const said = new Set<string>();
