/** A guard: one process in which a session runs. */
export interface GuardShare {
  readonly tenant: string;
  readonly session: string;
  /** Made up once per process. */
  readonly guard: string;
}

export interface SyncLease extends GuardShare {
  /** Counts up with each request of this guard; one that is not newer changes nothing. */
  readonly sequence: number;
  /** Settled by this guard, of this session, since it began there. Only grows. */
  readonly spentNanoUsd: number;
  readonly spentTokens: number;
  /** For calls of this guard that are under way. */
  readonly reservedNanoUsd: number;
  readonly reservedTokens: number;
  /** What the guard believes it may spend in all. Until it is known to obey less, more is kept for it. `@default` what was granted last */
  readonly heldNanoUsd?: number | undefined;
  readonly heldTokens?: number | undefined;
  /** A call waits for so much beyond what is spent and reserved: it is granted if it is free. */
  readonly wantNanoUsd?: number | undefined;
  readonly wantTokens?: number | undefined;
  /** Of the session, for all guards together; null: without. */
  readonly limitNanoUsd: number | null;
  readonly limitTokens: number | null;
  /** What telemetry has counted of the session. More than the guards have told is taken off the limit. */
  readonly countedNanoUsd?: number | undefined;
  readonly countedTokens?: number | undefined;
  /** The session is over in this process: what was not spent of the lease is given back. */
  readonly isOver?: boolean | undefined;
  readonly ttlMs: number;
  readonly nowMs: number;
}

export interface LeaseAnswer {
  /** What the guard may spend of the session in all, from its first call on; null without a limit. */
  readonly leasedNanoUsd: number | null;
  readonly leasedTokens: number | null;
  /** Spent and reserved by other guards, as they told last. */
  readonly elsewhereNanoUsd: number;
  readonly elsewhereTokens: number;
  /** The reserved part of it, which may be given back. */
  readonly elsewhereReservedNanoUsd: number;
  readonly elsewhereReservedTokens: number;
  /** A guard that is silent until then gives up what it has not spent; null where nothing is leased. */
  readonly expiresAtMs: number | null;
  /** True if the request was not newer than one before: nothing changed. */
  readonly isStale: boolean;
}

/** What a guard told last. */
export interface LeaseRecord extends GuardShare {
  readonly sequence: number;
  readonly spentNanoUsd: number;
  readonly spentTokens: number;
  readonly reservedNanoUsd: number;
  readonly reservedTokens: number;
  /** What it was told last; null without a limit. */
  readonly leasedNanoUsd: number | null;
  readonly leasedTokens: number | null;
  /** What is kept for it of the session's limit. */
  readonly committedNanoUsd: number;
  readonly committedTokens: number;
  readonly isOver: boolean;
  readonly expiresAtMs: number;
  readonly toldAtMs: number;
}

/**
 * Shares of a session's limits for the processes it runs in. The larger of lease and spending, summed over all guards, never exceeds the
 * limit, as long as the limit does not shrink and each guard spends within its lease and tells of it before that runs out. What a guard spent
 * and reserved after its last request, and never told because it ended or was cut off, may come on top: at most what was left of its lease.
 */
export interface Leases {
  sync(lease: SyncLease): Promise<LeaseAnswer>;
  /** Of one session. */
  list(tenant: string, session: string): Promise<readonly LeaseRecord[]>;
  /** Forgets sessions of which no guard has told anything since; resolves to how many shares those were. */
  prune(beforeMs: number): Promise<number>;
}
