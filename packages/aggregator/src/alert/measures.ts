// What alert rules may be about: a closed set, so that each has one meaning, one unit and one bounded query.

/** What a rule measures. */
export const AlertMeasure = {
  SESSION_COST: 'session_cost_usd',
  SESSION_TOKENS: 'session_tokens',
  SESSION_PERCENT: 'session_percent_of_expected',
  SESSION_DURATION: 'session_duration_seconds',
  SESSION_TURNS: 'session_turns',
  SESSION_ERRORS: 'session_errors',
  WORKFLOW_COST: 'workflow_cost_usd',
  WORKFLOW_TOKENS: 'workflow_tokens',
  WORKFLOW_SESSIONS: 'workflow_sessions',
  WORKFLOW_FAILED: 'workflow_failed_share',
  WORKFLOW_UNPRICED: 'workflow_unpriced_share',
  TENANT_COST: 'tenant_cost_usd',
  TENANT_TOKENS: 'tenant_tokens',
  TENANT_SESSIONS: 'tenant_sessions',
  TENANT_FAILED: 'tenant_failed_share',
  TENANT_UNPRICED: 'tenant_unpriced_share',
  BALANCE_TOKENS: 'balance_remaining_tokens',
  BALANCE_USD: 'balance_remaining_usd',
  BALANCE_DAYS: 'balance_days_left',
} as const;
export type AlertMeasure = (typeof AlertMeasure)[keyof typeof AlertMeasure];

/** What a state of a rule is about; a rule has one for each. */
export type SubjectKind = 'session' | 'workflow' | 'tenant' | 'account';

/** What of the ledger a rule may be narrowed down to. */
export type ConditionName = 'workflow' | 'agent' | 'model';

export interface MeasureFacts {
  readonly subject: SubjectKind;
  /** Of threshold and value. */
  readonly unit: 'USD' | 'tokens' | 'percent' | 'seconds' | 'turns' | 'errors' | 'sessions' | 'share' | 'days';
  /** Over a window of time that ends now. */
  readonly isWindowed: boolean;
  readonly conditions: readonly ConditionName[];
  /** One sentence, for people. */
  readonly meaning: string;
}

const ALL: readonly ConditionName[] = ['workflow', 'agent', 'model'];
const WORKFLOW: readonly ConditionName[] = ['workflow'];
const SESSION = { subject: 'session', isWindowed: false } as const;
const BY_WORKFLOW = { subject: 'workflow', isWindowed: true } as const;
const OF_TENANT = { subject: 'tenant', isWindowed: true } as const;
const ACCOUNT = { subject: 'account', isWindowed: false, conditions: [] } as const;

const FAILED = 'Failed model and tool calls as a share of all, from 0 to 1';
const UNPRICED = 'Tokens without a price as a share of all, from 0 to 1';

/** Each measure, described once: for checks, the API's document and the command's help. */
export const MEASURES: Readonly<Record<AlertMeasure, MeasureFacts>> = {
  session_cost_usd: { ...SESSION, unit: 'USD', conditions: ALL, meaning: 'What a running session has cost so far.' },
  session_tokens: {
    ...SESSION,
    unit: 'tokens',
    conditions: ALL,
    meaning: 'Prompt and answer tokens of a running session.',
  },
  session_percent_of_expected: {
    ...SESSION,
    unit: 'percent',
    conditions: WORKFLOW,
    meaning: 'Cost of a running session in percent of what sessions of its workflow are expected to cost.',
  },
  session_duration_seconds: {
    ...SESSION,
    unit: 'seconds',
    conditions: WORKFLOW,
    meaning: 'From the first begin to the last end that is known of a running session.',
  },
  session_turns: { ...SESSION, unit: 'turns', conditions: ALL, meaning: 'Turns of a running session.' },
  session_errors: {
    ...SESSION,
    unit: 'errors',
    conditions: ALL,
    meaning: 'Failed model and tool calls of a running session.',
  },
  workflow_cost_usd: { ...BY_WORKFLOW, unit: 'USD', conditions: ALL, meaning: 'Cost of each workflow in the window.' },
  workflow_tokens: {
    ...BY_WORKFLOW,
    unit: 'tokens',
    conditions: ALL,
    meaning: 'Tokens of each workflow in the window.',
  },
  workflow_sessions: {
    ...BY_WORKFLOW,
    unit: 'sessions',
    conditions: WORKFLOW,
    meaning: 'Sessions of each workflow that began in the window.',
  },
  workflow_failed_share: { ...BY_WORKFLOW, unit: 'share', conditions: ALL, meaning: `${FAILED}, of each workflow.` },
  workflow_unpriced_share: {
    ...BY_WORKFLOW,
    unit: 'share',
    conditions: ALL,
    meaning: `${UNPRICED}, of each workflow.`,
  },
  tenant_cost_usd: { ...OF_TENANT, unit: 'USD', conditions: ALL, meaning: 'Cost of everything in the window.' },
  tenant_tokens: { ...OF_TENANT, unit: 'tokens', conditions: ALL, meaning: 'Tokens of everything in the window.' },
  tenant_sessions: {
    ...OF_TENANT,
    unit: 'sessions',
    conditions: WORKFLOW,
    meaning: 'Sessions that began in the window.',
  },
  tenant_failed_share: { ...OF_TENANT, unit: 'share', conditions: ALL, meaning: `${FAILED}, of everything.` },
  tenant_unpriced_share: { ...OF_TENANT, unit: 'share', conditions: ALL, meaning: `${UNPRICED}, of everything.` },
  balance_remaining_tokens: { ...ACCOUNT, unit: 'tokens', meaning: 'What is free of each prepaid balance in tokens.' },
  balance_remaining_usd: { ...ACCOUNT, unit: 'USD', meaning: 'What is free of each prepaid balance in US dollars.' },
  balance_days_left: {
    ...ACCOUNT,
    unit: 'days',
    meaning: 'Days until each prepaid balance runs out, by the forecast.',
  },
};

/** How long back a windowed measure may look: few lengths, so that all rules of a tenant share few queries. */
export const WINDOWS: Readonly<Record<string, number>> = {
  '5m': 300,
  '15m': 900,
  '30m': 1800,
  '1h': 3600,
  '3h': 10_800,
  '6h': 21_600,
  '12h': 43_200,
  '1d': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
};
