import { budgetExceededIn } from '../guard/budget-exceeded-error.ts';
import { ERROR_TYPE_VALUE_OTHER } from '@turnmeter/semconv';

/** `error.type`: the class of an error, never its message. */
export function errorTypeOf(error: unknown): string {
  if (typeof error === 'string') return ERROR_TYPE_VALUE_OTHER;
  if (typeof error !== 'object' || error === null) return ERROR_TYPE_VALUE_OTHER;
  const { name } = error as { readonly name?: unknown };
  const className = error.constructor?.name;
  // Clients keep `name` at "Error" in their classes (`RateLimitError`), or minify the class and keep `name`.
  for (const text of [className, name]) {
    if (typeof text === 'string' && CLASS_NAME.test(text) && !PLAIN.has(text)) return text;
  }
  return typeof name === 'string' && CLASS_NAME.test(name) ? name : ERROR_TYPE_VALUE_OTHER;
}

/** Whether the work was ended on purpose, by the caller itself or by its budget: nothing has failed then. */
export function isAbort(error: unknown): boolean {
  if (budgetExceededIn(error) !== undefined) return true;
  const type = errorTypeOf(error);
  return type === 'AbortError' || type === 'APIUserAbortError';
}

const CLASS_NAME = /^[A-Za-z_$][\w$.]{1,99}$/;
const PLAIN = new Set(['Error', 'Object', 'DOMException']);
