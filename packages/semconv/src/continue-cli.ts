// Continue CLI: metrics only, cumulative, without a session or an instance id. (opencode sends AI SDK spans:
// vercel-ai.ts.)

// Token types are those of Claude Code, in the metric attribute `type`.
/** Unit `tokens`. */
export const METRIC_CONTINUE_CLI_TOKEN_USAGE = 'continue_cli_token_usage';
/** Unit `USD`. */
export const METRIC_CONTINUE_CLI_COST_USAGE = 'continue_cli_cost_usage';
/** Unit `s`. */
export const METRIC_CONTINUE_CLI_ACTIVE_TIME_TOTAL = 'continue_cli_active_time_total';
export const METRIC_CONTINUE_CLI_COMMIT_COUNT = 'continue_cli_commit_count';
export const METRIC_CONTINUE_CLI_PULL_REQUEST_COUNT = 'continue_cli_pull_request_count';
export const METRIC_CONTINUE_CLI_CODE_EDIT_TOOL_DECISION = 'continue_cli_code_edit_tool_decision';
