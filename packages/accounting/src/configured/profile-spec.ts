// How an operator describes a producer in configuration: which of its spans are meant, what they are, where their numbers and names
// stand. Plain data, so that it can come from YAML or JSON.

/** Attribute names of which the first that a record has answers. */
export type Names = string | readonly string[];

/** Where a name comes from: attributes, or always the same text. */
export type NameSource = Names | { readonly constant: string };

export interface ProfileSpec {
  /** Shown by `explain`: lower-case words joined by dashes. */
  readonly name: string;
  /** For people: producer and versions. @default the name */
  readonly title?: string;
  /** Which spans are meant: all conditions must hold, and there must be one. `*` in a text stands for any characters. */
  readonly match: MatchSpec;
  /** What these spans are. Either this or `role_from`. */
  readonly role?: RoleName;
  /** What they are, by the value of an attribute. */
  readonly role_from?: RoleFromSpec;
  /** Where their usage stands; parts that are left out are read under the usual names. */
  readonly usage?: UsageSpec;
  /** What the usage is a figure of. @default 'call' for calls, 'sum' for agents, workflows and steps */
  readonly grain?: GrainName;
  readonly model?: NameSource;
  readonly provider?: NameSource;
  readonly service_tier?: NameSource;
  readonly response_id?: Names;
  readonly session?: Names;
  readonly conversation?: Names;
  readonly agent?: NameSource;
  readonly workflow?: NameSource;
  readonly workflow_version?: NameSource;
  readonly user?: Names;
  readonly tool?: NameSource;
  /** Cost of the call in USD, and who says so: a client's own table is compared and never believed. */
  readonly cost_usd?: CostSpec;
  /** Attributes that hold the class of a failure, or `true`. */
  readonly error?: Names;
  /** How near to the provider the numbers are taken; of several records of one call the nearest is booked. @default 'framework' */
  readonly wire?: WireName;
  /** What the calls are for, where they are no agent's own: `summary`, `evaluation`. */
  readonly purpose?: string;
}

export interface MatchSpec {
  /** `true`: the attribute is there; otherwise its value. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly scope?: string;
  readonly span_name?: string;
  readonly service?: string;
}

export interface RoleFromSpec {
  readonly attribute: string;
  /** Role by the attribute's value. */
  readonly map: Readonly<Record<string, RoleName>>;
  /** @default 'lineage' */
  readonly otherwise?: RoleName;
}

export interface UsageSpec {
  readonly input?: Names;
  readonly output?: Names;
  readonly total?: Names;
  readonly cache_read?: Names;
  readonly cache_write?: Names;
  readonly cache_write_1h?: Names;
  readonly reasoning?: Names;
  /** An attribute that holds the whole usage as JSON or a map, in any known shape. */
  readonly object?: Names;
  /** Is the cached part inside the input? @default 'auto' */
  readonly cache?: BucketName;
  /** Is the reasoning inside the output? @default 'auto' */
  readonly reasoning_bucket?: BucketName;
  /** Counted by a tokenizer, not by the provider. @default false */
  readonly estimated?: boolean;
}

export interface CostSpec {
  readonly from: Names;
  /** @default 'client_table' */
  readonly by?: CostAuthority;
}

export const ROLE_NAMES = [
  'inference', 'embedding', 'rerank', 'agent', 'workflow', 'step', 'tool', 'handoff', 'speaker_selection', 'human_input', 'usage', 'undecided',
  'lineage',
] as const; // prettier-ignore
export type RoleName = (typeof ROLE_NAMES)[number];

export const GRAIN_NAMES = ['call', 'sum', 'own_sum', 'lifetime', 'repeat', 'cache_hit'] as const;
export type GrainName = (typeof GRAIN_NAMES)[number];

export const WIRE_NAMES = ['provider_sdk', 'client', 'gateway', 'framework'] as const;
export type WireName = (typeof WIRE_NAMES)[number];

export const BUCKET_NAMES = ['inside', 'beside', 'auto'] as const;
export type BucketName = (typeof BUCKET_NAMES)[number];

export const COST_AUTHORITIES = ['provider', 'gateway', 'client_table'] as const;
export type CostAuthority = (typeof COST_AUTHORITIES)[number];
