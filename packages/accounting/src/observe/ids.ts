// Which text is an id of what: producers put all kinds of ids under each other's names.

/** Ids of answers: `resp_…`, `chatcmpl-…`, `msg_…` (OpenAI, Anthropic and those who follow them). */
const RESPONSE_ID = /^(resp_|msg_|chatcmpl-|cmpl-)/;

/**
 * `gen-1731600000-Qf3xV0aB1cD2eF3g` (OpenRouter), `run--019a2b3c-…` (LangChain). Applications call their sessions so too, `run-7` and
 * `gen-2026-11-nightly`: only what follows as a machine makes it up is an answer's.
 */
const MADE_UP_ID =
  /^(gen|run)[-_]+(\d{9,}-[0-9a-z]{8,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-\d+)?|(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{20,})$/i;

/** What scrubbers and redaction write over a value: `[Scrubbed due to 'session']` (Logfire), `[REDACTED]`, `****`. */
const SCRUBBED = /^(\[(scrubbed|redacted|filtered)|<redacted>|\*{3,}$)/i;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids that other observers of the call do not share: of the HTTP request (Anthropic), of the framework's own run (LangChain). */
const PRIVATE_ID = /^(req|run|lc_run)[-_]/;

/** What languages write where there is no value. */
const NO_VALUE = /^(null|none|undefined|nil|nan|false|n\/a|-)$/i;
const NO_VALUE_LENGTH_MAX = 'undefined'.length;

/** Longer ids than this are text that got into the wrong place. */
const ID_LENGTH_MAX = 200;

/** Can this text name a session? Ids of answers, scrubbers' texts and a written `null` cannot (MS Agent Framework, Logfire). */
export function isSessionId(text: string): boolean {
  return isId(text) && !RESPONSE_ID.test(text) && !MADE_UP_ID.test(text);
}

/**
 * Is this the provider's id of an answer, the same for every observer of the call? A UUID is an id that a library made up
 * (LiteLLM on failures).
 */
export function isResponseId(text: string): boolean {
  return text.length >= 4 && isId(text) && !UUID.test(text) && !PRIVATE_ID.test(text);
}

function isId(text: string): boolean {
  if (text === '' || text.length > ID_LENGTH_MAX || SCRUBBED.test(text)) return false;
  return text.length > NO_VALUE_LENGTH_MAX || !NO_VALUE.test(text);
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * Finds the provider's id of an answer inside the answer's text, for dialects that pass no id on. `msg_…` is one only in
 * Anthropic's answers; in OpenAI's it names a part.
 */
export function findResponseId(text: string): string {
  const head = text.slice(0, SEARCHED_MAX);
  const found = /["'](?:id|response_id)["']\s*:\s*["']((?:resp_|chatcmpl-|cmpl-|gen-)[\w-]{1,150})["']/.exec(head)?.[1];
  if (found !== undefined) return found;
  return head.includes('stop_reason') ? (/["']id["']\s*:\s*["'](msg_[\w-]{1,150})["']/.exec(head)?.[1] ?? '') : '';
}

/** Ids come first in an answer; a long one is not read to its end. */
const SEARCHED_MAX = 20_000;
