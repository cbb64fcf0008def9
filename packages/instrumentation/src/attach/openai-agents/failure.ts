import { TurnOutcome } from '@turnmeter/semconv';
import { isObject } from '../../usage/json-object.ts';
import type { SdkSpan } from './sdk-tracing.ts';

/** How work ended that did not complete. */
export interface Failure {
  readonly outcome: TurnOutcome;
  /** Left out where somebody stopped the work on purpose: that is no error. */
  readonly error?: { readonly name: string } | undefined;
}

/**
 * The SDK tells of an error by its text: `MaxTurnsExceededError: Max turns (3) exceeded` in `data.error`, or only the message. Undefined
 * where there was none. A guardrail that trips and a caller that aborts are control flow.
 */
export function failureOf({ error }: Pick<SdkSpan, 'error'>): Failure | undefined {
  if (error === undefined || error === null) return undefined;
  const data = isObject(error.data) ? error.data['error'] : undefined;
  const name = classIn(data) ?? classOf(error.message);
  return failureNamed(name);
}

/** How work ended that an error of this class left. */
export function failureNamed(name: string): Failure {
  if (STOPPED.test(name)) return { outcome: TurnOutcome.STOPPED };
  return { outcome: TurnOutcome.FAILED, error: { name } };
}

const STOPPED = /TripwireTriggered$|^AbortError$|^APIUserAbortError$|^BudgetExceededError$/;

/** From `String(error)`: `MaxTurnsExceededError: …` → `MaxTurnsExceededError`. An `Error: 400 …` says more in its message. */
function classIn(text: unknown): string | undefined {
  const [, name, message] =
    (typeof text === 'string' ? /^([A-Za-z_$][\w$]{1,99})(?:: (.{0,200}))?/.exec(text) : null) ?? [];
  if (name === undefined || !/(?:Error|Exception|Triggered)$/.test(name)) return undefined;
  return name === 'Error' && message !== undefined ? classOf(message) : name;
}

/** From a message, where only that is told. */
function classOf(message: unknown): string {
  if (typeof message !== 'string') return UNNAMED;
  const status = /^(\d{3}) /.exec(message)?.[1];
  if (status !== undefined) return CLASS_OF_STATUS.get(status) ?? (status >= '500' ? 'InternalServerError' : UNNAMED);
  return CLASS_OF_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? UNNAMED;
}

const UNNAMED = 'Error';

/** As the client's classes are called: its messages begin with the status. */
const CLASS_OF_STATUS: ReadonlyMap<string, string> = new Map([
  ['400', 'BadRequestError'],
  ['401', 'AuthenticationError'],
  ['403', 'PermissionDeniedError'],
  ['404', 'NotFoundError'],
  ['409', 'ConflictError'],
  ['422', 'UnprocessableEntityError'],
  ['429', 'RateLimitError'],
]);

const CLASS_OF_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/^no model is asked: /, 'BudgetExceededError'],
  [/^Guardrail tripwire triggered/, 'GuardrailTripwireTriggered'],
  [/^Max turns/, 'MaxTurnsExceededError'],
  [/\baborted\b/i, 'AbortError'],
  [/^Request timed out/, 'APIConnectionTimeoutError'],
  [/^Connection error/, 'APIConnectionError'],
];
