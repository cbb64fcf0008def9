// What a run of a workflow may cost, and what is done when it costs more. In words that people write: shares and US dollars.

/** At which amounts something is said or done; ascending. */
export interface Limits {
  readonly warning?: number | undefined;
  readonly critical?: number | undefined;
  readonly stop?: number | undefined;
}

/** What a guard does when the aggregator cannot be asked. */
export const OnUnavailable = {
  /** Goes on with the policy, baseline and lease that it holds; without any, with the absolute limits given in the process. */
  LAST_KNOWN: 'last-known',
  /** Lets calls through, and says so. */
  ALLOW: 'allow',
  /** Refuses calls. */
  DENY: 'deny',
} as const;
export type OnUnavailable = (typeof OnUnavailable)[keyof typeof OnUnavailable];

/** What a call costs, for a budget in money, where nobody has a price for its model. */
export const OnUnpriced = {
  /** As much as the dearest model that the price book knows of that provider, or of all. */
  DEAREST: 'dearest',
  REFUSE: 'refuse',
  /** Nothing, and it is said loudly. */
  WARN: 'warn',
} as const;
export type OnUnpriced = (typeof OnUnpriced)[keyof typeof OnUnpriced];

/** How calls are made cheaper once a session has come to a level. */
export interface Degrade {
  /** @default critical */
  readonly at?: 'warning' | 'critical' | undefined;
  /** Model that is asked for → model that is asked instead. */
  readonly models?: Readonly<Record<string, string>> | undefined;
  /** The most tokens that an answer may have. */
  readonly outputTokensMax?: number | undefined;
  /** The most agents that may take turns; an app asks for it. */
  readonly agentsMax?: number | undefined;
}

/** Every field may be left out: a wider policy's holds then, or the default. */
export interface Policy {
  /** Of the expected cost of a session: 0.75 is 75 %. @default 0.75, 0.9, 1.5 */
  readonly shares?: Limits | undefined;
  /** US dollars of one session. @default none */
  readonly usd?: Limits | undefined;
  /** Tokens (input and output) of one session. @default none */
  readonly tokens?: Limits | undefined;
  /** What a session is expected to cost, in US dollars, until enough of them have ended to know. */
  readonly expectedUsd?: number | undefined;
  readonly degrade?: Degrade | undefined;
  /** Share of the expected cost at which a guard waits for somebody to decide. @default never */
  readonly pauseShare?: number | undefined;
  /** @default last-known */
  readonly onUnavailable?: OnUnavailable | undefined;
  /** @default dearest */
  readonly onUnpriced?: OnUnpriced | undefined;
}

/** What a policy holds for; what is left out is all of them. `agent` and `model` bound that agent's or model's own part of a session. */
export interface PolicyScope {
  readonly tenant?: string | undefined;
  readonly workflow?: string | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
}

/** A policy and what it holds for. */
export interface PolicyRule {
  readonly scope: PolicyScope;
  readonly policy: Policy;
}
