// The class of a failure, where producers put its message: messages quote prompts, and are stored nowhere.

import { ERROR_TYPE_VALUE_OTHER } from '@turnmeter/semconv';

const LENGTH_MAX = 100;
/** `RateLimitError: Error code: 429 - {…}`, `RateLimitError('…')`, `<class 'openai.RateLimitError'>` */
const CLASS_BEFORE_MESSAGE = /^(?:<class ')?([A-Za-z_$][\w.$]{0,99})(?:'>$|\s?[:(])/;

/** What a record calls its failure, without any text of it: one word, or OpenTelemetry's `_OTHER`. */
export function errorClass(named: string): string {
  const text = named.trim();
  if (!/\s|^</.test(text)) return text.slice(0, LENGTH_MAX);
  return CLASS_BEFORE_MESSAGE.exec(text)?.[1] ?? ERROR_TYPE_VALUE_OTHER;
}
