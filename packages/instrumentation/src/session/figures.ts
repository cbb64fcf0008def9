import type { CostStatus } from '@turnmeter/semconv';

/** Tokens in inclusive buckets: `input` holds cached and written parts, `output` holds reasoning. */
export interface TokenFigures {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

/** Money spent, in US dollars. */
export interface CostFigures {
  /** For showing; `nanoUsd / 1e9`. */
  readonly usd: number;
  /** A billionth of a US dollar, whole: for adding up. */
  readonly nanoUsd: number;
  /** The weakest of all calls': `partial` where some calls have a price and others have none. */
  readonly status: CostStatus;
  /** Tokens that nobody has a price for: there is more than is shown. */
  readonly unpricedTokens: number;
}

/** What one agent, model or session spent so far. */
export interface SpendFigures {
  readonly inferences: number;
  /** Model calls that failed. */
  readonly errors: number;
  /** Requests that clients sent again by themselves. */
  readonly retries: number;
  /** Calls whose usage nobody reported: there is more than is shown. */
  readonly inferencesWithoutUsage: number;
  readonly tokens: TokenFigures;
  readonly cost: CostFigures;
}

/** What one agent did in a session. */
export interface AgentFigures extends SpendFigures {
  readonly turns: number;
  /** Turns whose time is known: `responseMs / timedTurns` is the mean. */
  readonly timedTurns: number;
  readonly toolCalls: number;
  readonly messages: number;
  /** Time of its turns without waiting for people, in milliseconds. */
  readonly responseMs: number;
}

/** What a session used up to now, from this process alone. */
export interface SessionFigures extends SpendFigures {
  readonly session: string | undefined;
  readonly tenant: string | undefined;
  readonly workflow: string | undefined;
  readonly user: string | undefined;
  readonly startedAt: Date;
  /** Since the session was first seen here, to now or to the end of its last run, in milliseconds. */
  readonly durationMs: number;
  readonly isRunning: boolean;
  readonly turns: number;
  readonly handoffs: number;
  readonly toolCalls: number;
  readonly messages: number;
  /** Time of all turns without waiting for people, in milliseconds; turns in parallel count each. */
  readonly responseMs: number;
  /** Time that people took, in milliseconds. */
  readonly humanWaitMs: number;
  readonly agents: Readonly<Record<string, AgentFigures>>;
  readonly models: Readonly<Record<string, SpendFigures>>;
  /** What choosing the next speaker took, which is no agent's own; it is in the session's sums. */
  readonly speakerSelection: SpendFigures;
}
