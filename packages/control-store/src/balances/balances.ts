export const BalanceUnit = { TOKENS: 'tokens', NANO_USD: 'nano_usd' } as const;
export type BalanceUnit = (typeof BalanceUnit)[keyof typeof BalanceUnit];

/** What an entry of the ledger says. The first six are asked for, `expire` and `lapse` are written when their time has come. */
export const BalanceEntryKind = {
  /** Adds to what is free; may expire. */
  GRANT: 'grant',
  /** Sets aside, earliest expiry first. */
  RESERVE: 'reserve',
  /** Ends a reservation with what was really used; the rest is free again. What is above it comes from what is free. */
  SETTLE: 'settle',
  /** Ends a reservation; all of it is free again. */
  RELEASE: 'release',
  /** Spends what is free, without a reservation. */
  DEDUCT: 'deduct',
  /** Gives back what a settle or deduct spent, as a grant of its own. */
  REFUND: 'refund',
  /** What was granted until now, and not spent, is gone. */
  EXPIRE: 'expire',
  /** A reservation that nobody settled or released in time is free again. */
  LAPSE: 'lapse',
} as const;
export type BalanceEntryKind = (typeof BalanceEntryKind)[keyof typeof BalanceEntryKind];

/** Names an account: one name may have a balance in each unit. */
export interface BalanceAccountName {
  readonly tenant: string;
  readonly account: string;
  readonly unit: BalanceUnit;
}

/** Never negative, any of them. `granted + refunded = free + reserved + spent + expired`, always. */
export interface BalanceAmounts {
  readonly free: bigint;
  readonly reserved: bigint;
  readonly spent: bigint;
  readonly expired: bigint;
  readonly granted: bigint;
  readonly refunded: bigint;
  /** What settles asked for above everything that was free: used, and not paid for. Not part of the sum above. */
  readonly uncovered: bigint;
}

export interface Balance extends BalanceAccountName, BalanceAmounts {
  /** The number of its newest entry. */
  readonly sequence: number;
  readonly createdAtMs: number;
  /** What is free and expires, earliest first. */
  readonly expiring: readonly { readonly expiresAtMs: number; readonly amount: bigint }[];
  /** Reservations that are open. */
  readonly reservations: number;
}

/** One line of the ledger; never changed, never deleted. */
export interface BalanceEntry {
  /** 1, 2, 3 … of its account. Later requests name a reservation or a spending by it. */
  readonly sequence: number;
  readonly kind: BalanceEntryKind;
  /** As it was asked for; of a settle the actual use, of a release what was reserved still. */
  readonly amount: bigint;
  /** Part of a settle's amount that nothing was left for. */
  readonly uncovered: bigint;
  /** The reservation of a settle, release or lapse; the spending of a refund; of an expire the reservation that held it, if one did. */
  readonly refersTo: number | null;
  readonly expiresAtMs: number | null;
  readonly idempotencyKey: string | null;
  readonly note: string | null;
  readonly by: string | null;
  readonly atMs: number;
  /** What there was right after. */
  readonly freeAfter: bigint;
  readonly reservedAfter: bigint;
  readonly spentAfter: bigint;
}

interface BalanceRequest extends BalanceAccountName {
  /**
   * Unique in the tenant. The same request with the same key is done once and answered the same each time; another request with it is
   * refused. A request that was refused is not remembered.
   */
  readonly idempotencyKey: string;
  /** For people who read the ledger. */
  readonly note?: string | undefined;
  readonly by: string;
  readonly nowMs: number;
}

/** Opens the account if there is none. */
export interface GrantBalance extends BalanceRequest {
  readonly amount: bigint;
  readonly expiresAtMs?: number | undefined;
}

export interface ReserveBalance extends BalanceRequest {
  readonly amount: bigint;
  /** It is free again if nobody settled or released it by then; settling later takes from what is free. */
  readonly expiresAtMs?: number | undefined;
}

export interface SettleBalance extends BalanceRequest {
  /** The number of the entry that reserved. */
  readonly reservation: number;
  /** 0 or more. What the balance cannot cover is told as `uncovered`: the call has happened, so it is not refused. */
  readonly amount: bigint;
}

export interface ReleaseBalance extends BalanceRequest {
  readonly reservation: number;
}

export interface DeductBalance extends BalanceRequest {
  readonly amount: bigint;
}

export interface RefundBalance extends BalanceRequest {
  /** The number of the entry that spent: a settle or a deduct. All refunds of it together are at most what it spent. */
  readonly spending: number;
  readonly amount: bigint;
  /** Of what is given back. Default: never. */
  readonly expiresAtMs?: number | undefined;
}

export interface BalanceAnswer {
  readonly entry: BalanceEntry;
  /** True if this was done before, with the same key. */
  readonly isRepeated: boolean;
}

/** An account whose stored balance is not what its ledger says, or whose ledger cannot be. */
export interface BalanceFinding extends BalanceAccountName {
  /** The first entry at which it does not add up; null where the ledger does and the stored balance differs. */
  readonly sequence: number | null;
  readonly detail: string;
}

export interface ReplayReport {
  readonly accounts: number;
  readonly entries: number;
  readonly findings: readonly BalanceFinding[];
}

export interface DaySpending {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly spent: bigint;
}

export interface BalancePage {
  /** Entries with a lower number. */
  readonly before?: number | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

export interface AccountPage {
  /** Accounts that come after this one. */
  readonly after?: Pick<BalanceAccountName, 'account' | 'unit'> | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

/** How much an account has, without what is open of it. */
export interface BalanceStanding extends BalanceAccountName, BalanceAmounts {}

export interface StandingPage {
  /** Accounts that come after this one. */
  readonly after?: BalanceAccountName | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

/**
 * Prepaid balances: an append-only ledger. Each request is one transaction and is on disk when its promise resolves. Whole numbers only, of
 * tokens or nano-USD, below 2^63.
 */
export interface Balances {
  grant(request: GrantBalance): Promise<BalanceAnswer>;
  /** @throws ControlStoreError insufficient_balance */
  reserve(request: ReserveBalance): Promise<BalanceAnswer>;
  /** @throws ControlStoreError reservation_closed */
  settle(request: SettleBalance): Promise<BalanceAnswer>;
  /** @throws ControlStoreError reservation_closed */
  release(request: ReleaseBalance): Promise<BalanceAnswer>;
  /** @throws ControlStoreError insufficient_balance */
  deduct(request: DeductBalance): Promise<BalanceAnswer>;
  /** @throws ControlStoreError refund_too_high */
  refund(request: RefundBalance): Promise<BalanceAnswer>;
  /** Writes down what expired and lapsed by now, of all accounts; resolves to how many entries that were. Requests do it for theirs. */
  expireDue(nowMs: number): Promise<number>;

  /** As of `nowMs`: what has expired and is not written down yet is not in it. */
  find(name: BalanceAccountName & { readonly nowMs: number }): Promise<Balance | undefined>;
  /** By name. */
  list(filter: AccountPage & { readonly tenant: string; readonly nowMs: number }): Promise<readonly Balance[]>;
  /** Accounts of all tenants, by tenant and name: for whoever watches over all of them. */
  standings(filter: StandingPage & { readonly nowMs: number }): Promise<readonly BalanceStanding[]>;
  /** Newest first. */
  entries(filter: BalancePage & BalanceAccountName): Promise<readonly BalanceEntry[]>;
  /** What was spent by day, since a day; days on which nothing was spent are not in it. Oldest first. */
  spentByDay(filter: BalanceAccountName & { readonly fromDay: number }): Promise<readonly DaySpending[]>;
  /** Recomputes every balance from its ledger and compares. */
  replay(filter?: { readonly tenant?: string | undefined }): Promise<ReplayReport>;
}
