export type { CostBaseline } from './expected/baseline.ts';
export {
  OnUnavailable,
  OnUnpriced,
  type Degrade,
  type Limits,
  type Policy,
  type PolicyRule,
  type PolicyScope,
} from './policy/policy.ts';
export {
  GuardEvent,
  type BaselineDocument,
  type GuardAction,
  type GuardSession,
  type GuardSessionAnswer,
  type GuardSyncAnswer,
  type GuardSyncRequest,
  type StopOrder,
} from './wire/guard-sync.ts';
export type { LimitsDocument, PolicyDocument } from './wire/policy-document.ts';
