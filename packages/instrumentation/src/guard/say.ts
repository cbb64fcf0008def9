import { diag } from '@opentelemetry/api';

/** Says something to OpenTelemetry's diagnostics: it is one session's. */
export function say(message: string): void {
  diag.warn(`turnmeter: ${message}`);
}

/** Something that a budget does not hold for, as somebody thinks it does. */
interface Warning {
  /** Stable, for those who look for it or silence it: `no_limit`. */
  readonly code: 'guard_alone' | 'invalid_budget' | 'no_limit' | 'unpriced';
  /** Which workflow, model or the like; nothing where there is only one. */
  readonly about?: string;
  readonly message: string;
}

/** Names come from outside and have no end; who does not read a thousand warnings reads no more of them. */
const SAID_MAX = 1000;

/** Says something so that nobody misses it, once in the life of the process for each thing that it is about. */
export function sayLoudly({ code, about = '', message }: Warning): void {
  const key = JSON.stringify([code, about]);
  if (said.has(key) || said.size >= SAID_MAX) return;
  said.add(key);
  process.emitWarning(message, { type: 'TurnmeterBudget', code: `TURNMETER_${code.toUpperCase()}` });
}

const said = new Set<string>();
