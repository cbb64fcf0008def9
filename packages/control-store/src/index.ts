export {
  DeliveryOutcome,
  type AlertRule,
  type AlertRules,
  type AlertState,
  type AlertStates,
  type Deliveries,
  type Delivery,
  type NewDelivery,
  type PutAlertRule,
} from './alerts/alerts.ts';
export {
  BalanceEntryKind,
  BalanceUnit,
  type AccountPage,
  type Balance,
  type BalanceAccountName,
  type BalanceAmounts,
  type BalanceAnswer,
  type BalanceEntry,
  type BalanceFinding,
  type BalancePage,
  type BalanceStanding,
  type Balances,
  type DaySpending,
  type DeductBalance,
  type GrantBalance,
  type RefundBalance,
  type ReleaseBalance,
  type ReplayReport,
  type ReserveBalance,
  type SettleBalance,
  type StandingPage,
} from './balances/balances.ts';
export { ChangeTopic, type Change, type Changes } from './changes/changes.ts';
export { ControlStoreError, ControlStoreErrorCode, type ControlStoreErrorOptions } from './control-store-error.ts';
export type { ControlStore, ControlStoreOptions } from './control-store.ts';
export { openControlStore } from './open-control-store.ts';
export type { JsonDocument, JsonValue } from './json-value.ts';
export { KeyScope, type AddKey, type Keys, type StoredKey } from './keys/keys.ts';
export type { GuardShare, LeaseAnswer, LeaseRecord, Leases, SyncLease } from './leases/leases.ts';
export type { Locks } from './locks/locks.ts';
export type { Authorship, HistoryPage, Policies, PolicySet, PutPolicies } from './policies/policies.ts';
export { StopKind, type Stop, type StopChange, type Stops, type StopTarget } from './stops/stops.ts';
