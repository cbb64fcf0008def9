// Units of the metrics we emit or read, in UCUM's letters. Prometheus drops what is in braces and appends the rest
// to the name.

// Ours, and the conventions'.
export const UNIT_SECONDS = 's';
export const UNIT_MILLISECONDS = 'ms';
export const UNIT_BYTES = 'By';
/** A ratio or a plain number. */
export const UNIT_ONE = '1';
export const UNIT_TOKENS = '{token}';
/** Braces, so that `turnmeter.cost.usd` becomes `turnmeter_cost_usd_total` on every path. */
export const UNIT_USD = '{USD}';
export const UNIT_INFERENCE_CALLS = '{inference_call}';
export const UNIT_TOOL_CALLS = '{tool_call}';
export const UNIT_TURNS = '{turn}';
export const UNIT_MESSAGES = '{message}';
export const UNIT_ERRORS = '{error}';
export const UNIT_RETRIES = '{retry}';
export const UNIT_SESSIONS = '{session}';
export const UNIT_HANDOFFS = '{handoff}';
export const UNIT_CROSSINGS = '{crossing}';
export const UNIT_ACCOUNTS = '{account}';
export const UNIT_WORKFLOWS = '{workflow}';
export const UNIT_RECORDS = '{record}';
export const UNIT_OBSERVATIONS = '{observation}';
export const UNIT_VALUES = '{value}';
export const UNIT_ENTRIES = '{entry}';
export const UNIT_SEGMENTS = '{segment}';

// Spellings in the field: read as the ones above.
/** `gen_ai.client.token.usage` of Gemini CLI. */
export const UNIT_TOKEN_PLAIN = 'token';
/** Claude Code, MS Agent Framework, Continue CLI. */
export const UNIT_TOKENS_PLAIN = 'tokens';
/** Claude Code, OpenLIT, Continue CLI: ends up as `_USD` in Prometheus names. */
export const UNIT_USD_BARE = 'USD';
/** Gemini CLI. */
export const UNIT_TURNS_PLAIN = 'turns';
