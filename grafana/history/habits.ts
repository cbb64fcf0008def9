// What the made-up workflows are like. Whatever a dashboard can show happens to one of them: see the comments.

/** A model and who serves it, as telemetry names them. */
export interface ModelName {
  readonly provider: string;
  readonly model: string;
}

export interface ToolHabit {
  readonly name: string;
  /** In the middle, seconds. */
  readonly seconds: number;
  /** How often a call of it fails. */
  readonly failureShare?: number;
}

export interface AgentHabit {
  readonly name: string;
  readonly model: ModelName;
  /** Prompt of its first call without what others have said, and how much of that comes from a cache. */
  readonly promptTokens: number;
  readonly cachedShare: number;
  readonly answerTokens: number;
  readonly reasoningShare?: number;
  /** It calls one of them in half of its turns. */
  readonly tools?: readonly ToolHabit[];
  /** Who speaks next, and how often; `end` ends the session. */
  readonly next: Readonly<Record<string, number>>;
  /** How often a person is asked in a turn, who takes minutes. */
  readonly asksPersonShare?: number;
  /** How often a model call fails, and is made again. */
  readonly failureShare?: number;
}

/** From when on a workflow is run in a version, and what the new version changed. */
export interface VersionHabit {
  readonly name: string;
  readonly daysAgo: number;
  /** Prompts are so much longer than in the first version. */
  readonly promptFactor: number;
}

/** So many times as many sessions, for some hours. */
export interface Burst {
  readonly hoursAgo: number;
  readonly hours: number;
  readonly factor: number;
}

export type Rhythm = 'office' | 'evening' | 'always' | 'nightly';

export interface WorkflowHabit {
  readonly tenant: string;
  readonly workflow: string;
  readonly sessionsPerDay: number;
  readonly rhythm: Rhythm;
  /** Of a weekday. */
  readonly weekendShare: number;
  /** Speaks first is who is first. */
  readonly agents: readonly AgentHabit[];
  readonly turnsMax: number;
  readonly versions: readonly VersionHabit[];
  /** How much more is spent on a session each day than on the day before. */
  readonly dailyGrowth?: number;
  readonly bursts?: readonly Burst[];
  /** A session that goes round in circles, begun so many minutes ago. */
  readonly outlierMinutesAgo?: number;
}

export const MODELS = {
  gpt5: { provider: 'openai', model: 'gpt-5' },
  gpt5Mini: { provider: 'openai', model: 'gpt-5-mini' },
  sonnet: { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  haiku: { provider: 'anthropic', model: 'claude-haiku-4-5' },
  opus: { provider: 'anthropic', model: 'claude-opus-4-5' },
  geminiPro: { provider: 'gcp.gemini', model: 'gemini-2.5-pro' },
  geminiFlash: { provider: 'gcp.gemini', model: 'gemini-2.5-flash' },
  /** Of the tenant's own, of which no list knows a price. */
  ownReader: { provider: 'initech', model: 'initech-invoice-reader-2' },
} as const satisfies Readonly<Record<string, ModelName>>;

/** Longer ago than the history is. */
export const EVER = 1000;
export const ONE_VERSION: readonly VersionHabit[] = [{ name: '2.1', daysAgo: EVER, promptFactor: 1 }];
