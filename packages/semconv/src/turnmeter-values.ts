// Closed value sets of Turnmeter's own attributes, and the label names of its Prometheus metrics.

/** Values of `turnmeter.usage.source`: where the token counts of a call come from. */
export const UsageSource = {
  PROVIDER: 'provider',
  ESTIMATED: 'estimated',
  MISSING: 'missing',
} as const;
/** @see {@link UsageSource} */
export type UsageSource = (typeof UsageSource)[keyof typeof UsageSource];

/** Values of `turnmeter.cost.status`: how far a price can be trusted. */
export const CostStatus = {
  EXACT: 'exact',
  ESTIMATED: 'estimated',
  /** Some parts have a price, others have none. */
  PARTIAL: 'partial',
  UNPRICED: 'unpriced',
} as const;
/** @see {@link CostStatus} */
export type CostStatus = (typeof CostStatus)[keyof typeof CostStatus];

/** Values of `turnmeter.cost.source`, strongest first. */
export const CostSource = {
  /** The operator's own price. */
  OVERRIDE: 'override',
  /** Reported by the provider. */
  PROVIDER: 'provider',
  /** Reported by a gateway. */
  GATEWAY: 'gateway',
  PRICE_BOOK: 'price_book',
  /** A client-side table's figure: kept and compared, and a cost only where nobody else has a price. */
  CLIENT_TABLE: 'client_table',
  NONE: 'none',
} as const;
/** @see {@link CostSource} */
export type CostSource = (typeof CostSource)[keyof typeof CostSource];

/** Values of `turnmeter.cost.item`: what costs money and is no token. */
export const CostItem = {
  TOOL_CALL: 'tool_call',
  WEB_SEARCH: 'web_search',
  REQUEST: 'request',
  IMAGE: 'image',
  AUDIO_SECOND: 'audio_second',
  GPU_SECOND: 'gpu_second',
} as const;
/** @see {@link CostItem} */
export type CostItem = (typeof CostItem)[keyof typeof CostItem];

/** Values of `turnmeter.purpose`: whose work an inference is. */
export const Purpose = {
  TURN: 'turn',
  SPEAKER_SELECTION: 'speaker_selection',
  SUMMARY: 'summary',
  /** The framework's or tool's own call: routing, compaction, titles. */
  UTILITY: 'utility',
} as const;
/** @see {@link Purpose} */
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

/** Values of `turnmeter.turn.outcome`. */
export const TurnOutcome = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  /** A newer turn of the same agent began, or nothing ended it. */
  ABANDONED: 'abandoned',
  STOPPED: 'stopped',
} as const;
/** @see {@link TurnOutcome} */
export type TurnOutcome = (typeof TurnOutcome)[keyof typeof TurnOutcome];

/** Values of `turnmeter.outcome.status`. */
export const SessionOutcome = { SUCCESS: 'success', FAILURE: 'failure', STOPPED: 'stopped' } as const;
/** @see {@link SessionOutcome} */
export type SessionOutcome = (typeof SessionOutcome)[keyof typeof SessionOutcome];

/** Values of `turnmeter.budget.level`, as fractions of the expected cost: 75 %, 90 %, 150 %. */
export const BudgetLevel = { OK: 'ok', WARNING: 'warning', CRITICAL: 'critical', STOP: 'stop' } as const;
/** @see {@link BudgetLevel} */
export type BudgetLevel = (typeof BudgetLevel)[keyof typeof BudgetLevel];

/** Values of `turnmeter.budget.action`: the ladder of the guard. */
export const BudgetAction = { NOTIFY: 'notify', DEGRADE: 'degrade', PAUSE: 'pause', STOP: 'stop' } as const;
/** @see {@link BudgetAction} */
export type BudgetAction = (typeof BudgetAction)[keyof typeof BudgetAction];

/** Label names of the aggregator's Prometheus metrics. None of high cardinality. */
export const MetricLabel = {
  TENANT: 'tenant',
  WORKFLOW: 'workflow',
  AGENT: 'agent',
  MODEL: 'model',
  /** `input`, `output`, `cache_read`, `cache_write`, `reasoning`. */
  DIRECTION: 'direction',
  OUTCOME: 'outcome',
  LEVEL: 'level',
  SCOPE: 'scope',
  PERIOD: 'period',
  SIGNAL: 'signal',
  STAGE: 'stage',
  REASON: 'reason',
} as const;
/** @see {@link MetricLabel} */
export type MetricLabel = (typeof MetricLabel)[keyof typeof MetricLabel];
