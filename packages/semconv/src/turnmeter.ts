// Turnmeter's own names. Metrics end in their unit, so that the Prometheus name is the same on every path; units in
// braces vanish there.
// No attribute is a dotted child of another. Session, user and span ids are never metric attributes.

// Identity.
/** Trusted only as far as the ingest key allows. */
export const ATTR_TURNMETER_TENANT_ID = 'turnmeter.tenant.id';
/** Where the app has no session of its own; it wins over every other session id. */
export const ATTR_TURNMETER_SESSION_ID = 'turnmeter.session.id';
export const ATTR_TURNMETER_WORKFLOW_VERSION = 'turnmeter.workflow.version';
/** A step of the workflow. */
export const ATTR_TURNMETER_STEP_NAME = 'turnmeter.step.name';
/** Why this inference was made, one of `Purpose`. */
export const ATTR_TURNMETER_PURPOSE = 'turnmeter.purpose';

/** How often the client asked again by itself before this call ended. */
export const ATTR_TURNMETER_RETRIES = 'turnmeter.retries';

// Turns and handoffs.
export const ATTR_TURNMETER_TURN_ID = 'turnmeter.turn.id';
/** Starts at 1 in each session. */
export const ATTR_TURNMETER_TURN_INDEX = 'turnmeter.turn.index';
/** One of `TurnOutcome`. */
export const ATTR_TURNMETER_TURN_OUTCOME = 'turnmeter.turn.outcome';
/** A boolean: nobody saw the turn begin, so that its duration is not known. */
export const ATTR_TURNMETER_TURN_UNTIMED = 'turnmeter.turn.untimed';
export const ATTR_TURNMETER_HANDOFF_FROM_AGENT_NAME = 'turnmeter.handoff.from.agent.name';
export const ATTR_TURNMETER_HANDOFF_TO_AGENT_NAME = 'turnmeter.handoff.to.agent.name';
/** How the next speaker was chosen: `auto`, `manual`, `round_robin`, `random` or any other text. */
export const ATTR_TURNMETER_SELECTION_METHOD = 'turnmeter.selection.method';
/**
 * Time that people took within a turn, for those who read its trace. It is written and never read: what counts are the
 * `await_human_input` spans whose sum it is.
 */
export const ATTR_TURNMETER_HUMAN_WAIT_SECONDS = 'turnmeter.human_wait.seconds';

// Usage and cost of one inference, tool call or request.
/** One of `UsageSource`. */
export const ATTR_TURNMETER_USAGE_SOURCE = 'turnmeter.usage.source';
/** A double, in USD; the amount to show, never to add up (entries hold nano-USD). */
export const ATTR_TURNMETER_COST_USD = 'turnmeter.cost.usd';
/** One of `CostStatus`. */
export const ATTR_TURNMETER_COST_STATUS = 'turnmeter.cost.status';
/** One of `CostSource`. */
export const ATTR_TURNMETER_COST_SOURCE = 'turnmeter.cost.source';
/** What is paid for where it is not tokens, one of `CostItem` or any other text. */
export const ATTR_TURNMETER_COST_ITEM = 'turnmeter.cost.item';
/** How many of `ATTR_TURNMETER_COST_ITEM`. */
export const ATTR_TURNMETER_COST_QUANTITY = 'turnmeter.cost.quantity';

// Result of a session, for cost per successful outcome.
/** One of `SessionOutcome` or any other text. */
export const ATTR_TURNMETER_OUTCOME_STATUS = 'turnmeter.outcome.status';
/** A double, 0 to 1. */
export const ATTR_TURNMETER_OUTCOME_SCORE = 'turnmeter.outcome.score';

// Budget.
/** One of `BudgetLevel`. */
export const ATTR_TURNMETER_BUDGET_LEVEL = 'turnmeter.budget.level';
/** What the guard did, one of `BudgetAction`. */
export const ATTR_TURNMETER_BUDGET_ACTION = 'turnmeter.budget.action';
/** `session`, `workflow` or `tenant`. */
export const ATTR_TURNMETER_BUDGET_SCOPE = 'turnmeter.budget.scope';
/** `day` or `month`. */
export const ATTR_TURNMETER_BUDGET_PERIOD = 'turnmeter.budget.period';
/** The model that the app asked for, where the guard has asked another one. */
export const ATTR_TURNMETER_BUDGET_REQUESTED_MODEL = 'turnmeter.budget.requested_model';
/** The most tokens that the guard allowed an answer, where that is less than the app did. An int. */
export const ATTR_TURNMETER_BUDGET_OUTPUT_TOKENS_MAX = 'turnmeter.budget.output_tokens_max';

// Metrics that the instrumentation emits and the aggregator exports. Gauges are exact sums, counters are for rates.
/** Counter, unit `{USD}`. */
export const METRIC_TURNMETER_COST_USD = 'turnmeter.cost.usd';
/** Counter by direction, unit `{token}`. */
export const METRIC_TURNMETER_TOKENS = 'turnmeter.tokens';
/** Counter, unit `{token}`. */
export const METRIC_TURNMETER_UNPRICED_TOKENS = 'turnmeter.unpriced.tokens';
/** Counter by outcome, unit `{turn}`. */
export const METRIC_TURNMETER_TURNS = 'turnmeter.turns';
/** Counter, unit `{handoff}`. */
export const METRIC_TURNMETER_HANDOFFS = 'turnmeter.handoffs';
/** Histogram, unit `s`. */
export const METRIC_TURNMETER_TURN_DURATION_SECONDS = 'turnmeter.turn.duration.seconds';
/** Histogram, unit `s`. */
export const METRIC_TURNMETER_INFERENCE_DURATION_SECONDS = 'turnmeter.inference.duration.seconds';
/** Histogram, unit `s`. */
export const METRIC_TURNMETER_TOOL_DURATION_SECONDS = 'turnmeter.tool.duration.seconds';
/** Histogram, unit `s`. */
export const METRIC_TURNMETER_HUMAN_WAIT_SECONDS = 'turnmeter.human_wait.seconds';
/** Histogram, unit `{USD}`. */
export const METRIC_TURNMETER_SESSION_COST_USD = 'turnmeter.session.cost.usd';
/** Histogram, unit `s`. */
export const METRIC_TURNMETER_SESSION_DURATION_SECONDS = 'turnmeter.session.duration.seconds';
/** Counter by level, unit `{crossing}`. */
export const METRIC_TURNMETER_SESSION_THRESHOLD_CROSSINGS = 'turnmeter.session.threshold_crossings';
/** Gauge, unit `{session}`. */
export const METRIC_TURNMETER_SESSIONS_ACTIVE = 'turnmeter.sessions.active';
/** Gauge by level, unit `{session}`. */
export const METRIC_TURNMETER_SESSIONS_OVER_THRESHOLD = 'turnmeter.sessions.over_threshold';
/** Gauge, unit `{USD}`. */
export const METRIC_TURNMETER_WORKFLOW_EXPECTED_COST_USD = 'turnmeter.workflow.expected_cost.usd';
/** Gauge, unit `{USD}`. */
export const METRIC_TURNMETER_BUDGET_USD = 'turnmeter.budget.usd';
/** Gauge, unit `{USD}`. */
export const METRIC_TURNMETER_BUDGET_SPENT_USD = 'turnmeter.budget.spent.usd';
/** Gauge, unit `s`. */
export const METRIC_TURNMETER_BUDGET_PERIOD_SECONDS = 'turnmeter.budget.period.seconds';
/** Gauge, unit `s`. */
export const METRIC_TURNMETER_BUDGET_PERIOD_END_TIMESTAMP_SECONDS = 'turnmeter.budget.period_end.timestamp.seconds';

// Metrics of the aggregator about tenants and workflows, beside those above.
/** Counter by outcome, unit `{session}`. */
export const METRIC_TURNMETER_SESSIONS_FINALIZED = 'turnmeter.sessions.finalized';
/** Gauge by period, unit `{USD}`: spent in this calendar day or month. */
export const METRIC_TURNMETER_PERIOD_COST_USD = 'turnmeter.period.cost.usd';
/** Gauge by level, unit `{USD}`: what policies let a session cost. */
export const METRIC_TURNMETER_SESSION_LIMIT_USD = 'turnmeter.session.limit.usd';
/** Gauge by account, unit `{USD}`. */
export const METRIC_TURNMETER_BALANCE_FREE_USD = 'turnmeter.balance.free.usd';
/** Gauge by account, unit `{USD}`. */
export const METRIC_TURNMETER_BALANCE_SPENT_USD = 'turnmeter.balance.spent.usd';
/** Gauge by account, unit `{token}`. */
export const METRIC_TURNMETER_BALANCE_FREE_TOKENS = 'turnmeter.balance.free.tokens';
/** Gauge by account, unit `{token}`. */
export const METRIC_TURNMETER_BALANCE_SPENT_TOKENS = 'turnmeter.balance.spent.tokens';
/** Gauge by state: accounts whose balances are shown, and how many may be. */
export const METRIC_TURNMETER_BALANCE_ACCOUNTS = 'turnmeter.balance.accounts';
/** Gauge by part: 1 or 0. */
export const METRIC_TURNMETER_UP = 'turnmeter.up';
/** Gauge by version, always 1. */
export const METRIC_TURNMETER_BUILD_INFO = 'turnmeter.build_info';
/** Gauge by version of the price book, always 1. */
export const METRIC_TURNMETER_PRICE_BOOK_INFO = 'turnmeter.price_book.info';
/** Gauge, unit `s`: since when the newest of its prices holds. */
export const METRIC_TURNMETER_PRICE_BOOK_TIMESTAMP_SECONDS = 'turnmeter.price_book.timestamp.seconds';
/** Gauge, unit `By`: memory that the aggregator's process has, without an embedded engine, which is a process of its own. */
export const METRIC_TURNMETER_MEMORY_RESIDENT_BYTES = 'turnmeter.memory.resident.bytes';
/** Gauge, unit `s`: when the figures of gauges were read. */
export const METRIC_TURNMETER_FIGURES_TIMESTAMP_SECONDS = 'turnmeter.figures.timestamp.seconds';
/** Gauge by state, unit `{workflow}`: those with series of their own. */
export const METRIC_TURNMETER_WORKFLOWS = 'turnmeter.workflows';
/** Counter, unit `{record}`: counted without a series of its own. */
export const METRIC_TURNMETER_FOLDED_RECORDS = 'turnmeter.folded.records';

// Metrics of the instrumentation alone.
/** Counter by usage source, unit `{inference_call}`: `missing` says how much of the figures is not there. */
export const METRIC_TURNMETER_INFERENCES = 'turnmeter.inferences';
/** Counter, unit `{message}`: what agents sent. */
export const METRIC_TURNMETER_MESSAGES = 'turnmeter.messages';
/** Counter by class, unit `{error}`: model calls, tools and turns that failed. */
export const METRIC_TURNMETER_ERRORS = 'turnmeter.errors';
/** Counter, unit `{retry}`: requests that a client sent again by itself. */
export const METRIC_TURNMETER_RETRIES = 'turnmeter.retries';
/** Histogram, unit `s`, streams only. */
export const METRIC_TURNMETER_TIME_TO_FIRST_TOKEN_SECONDS = 'turnmeter.time_to_first_token.seconds';
/** Counter by reason, unit `{record}`: what the instrumentation saw and could not report. */
export const METRIC_TURNMETER_INSTRUMENTATION_DROPPED = 'turnmeter.instrumentation.dropped';

// Metrics of the aggregator about itself.
/** Counter by signal, unit `{record}`. */
export const METRIC_TURNMETER_RECORDS_ACCEPTED = 'turnmeter.records.accepted';
/** Counter by stage and reason, unit `{record}`. */
export const METRIC_TURNMETER_RECORDS_REFUSED = 'turnmeter.records.refused';
/** Counter by reason, unit `{observation}`. */
export const METRIC_TURNMETER_OBSERVATIONS_EXCLUDED = 'turnmeter.observations.excluded';
/** Counter by reason, unit `{value}`. */
export const METRIC_TURNMETER_VALUES_CLAMPED = 'turnmeter.values.clamped';
/** Counter, unit `{entry}`. */
export const METRIC_TURNMETER_ENTRIES_BOOKED = 'turnmeter.entries.booked';
/** Counter by reason, unit `{entry}`. */
export const METRIC_TURNMETER_ENTRIES_REVERSED = 'turnmeter.entries.reversed';
/** Counter, unit `{segment}`. */
export const METRIC_TURNMETER_SEGMENTS_SAVED = 'turnmeter.segments.saved';
/** Gauge, unit `{segment}`. */
export const METRIC_TURNMETER_SEGMENTS_PENDING = 'turnmeter.segments.pending';
/** Counter by tenant, workflow and action, unit `{action}`: what guards in apps did about budgets. */
export const METRIC_TURNMETER_GUARD_ACTIONS = 'turnmeter.guard.actions';
/** Gauge, unit `s`. */
export const METRIC_TURNMETER_INGEST_LAG_SECONDS = 'turnmeter.ingest.lag.seconds';
/** Gauge, unit `s`. */
export const METRIC_TURNMETER_INGEST_LAST_SUCCESS_TIMESTAMP_SECONDS = 'turnmeter.ingest.last_success.timestamp.seconds';

// Events.
/** Span event on the turn that hands over. */
export const EVENT_TURNMETER_HANDOFF = 'turnmeter.handoff';
/** Span event when a session reaches a level. */
export const EVENT_TURNMETER_BUDGET_CROSSED = 'turnmeter.budget.crossed';

// Scope of the instrumentation.
export const SCOPE_TURNMETER_INSTRUMENTATION = '@turnmeter/instrumentation';
