export { Book, type BookOptions } from './book/book.ts';
export { type Amounts, type Entry, EntryKind, type Posting, Reason } from './book/entry.ts';
export { Figures, type Totals } from './book/figures.ts';
export { type Payable, payableOf, type PayableUsage, usageOf } from './book/payable.ts';
export type { KnownSource } from './book/populations.ts';
export { traceIdOf } from './book/trace.ts';
export type { Reception } from './book/tenant-book.ts';
export { parseProfileSpec } from './configured/parse-profile.ts';
export type {
  CostSpec,
  MatchSpec,
  Names,
  NameSource,
  ProfileSpec,
  RoleFromSpec,
  UsageSpec,
} from './configured/profile-spec.ts';
export { ProfileSpecError } from './configured/spec-error.ts';
export type { Draft } from './observe/draft.ts';
export {
  type Alias,
  type Authority,
  type Charge,
  type CostClaim,
  Coverage,
  Grain,
  type Observation,
  observationKey,
  Role,
  SessionRank,
  type Usage,
  UsageSource,
  WireDistance,
} from './observe/observation.ts';
export type { Note } from './observe/notes.ts';
export { observe, type ObserveOptions } from './observe/observe.ts';
export { type Profile, ProfileList } from './observe/profile.ts';
export { BUILT_IN_PROFILES } from './profiles/index.ts';
export { FLATTEN_DEPTH_MAX, ObjectAttributes } from './record/object-attributes.ts';
export {
  logFrom,
  type PlainLog,
  type PlainOrigin,
  type PlainPoint,
  type PlainSpan,
  pointFrom,
  spanFrom,
} from './record/plain-records.ts';
export {
  type Attributes,
  type AttributeValue,
  type LogRecord,
  type MetricPoint,
  type Resource,
  type Scope,
  Signal,
  type SpanLink,
  type SpanRecord,
  type TelemetryRecord,
  TEXT_LENGTH_MAX,
} from './record/record.ts';
export { Field, FIELD_COUNT } from './vocabulary/fields.ts';
export { GUESSED_RANK, listedSpellings, type Spelling, spellingOf } from './vocabulary/spelling.ts';
export { explainCode, explainEntry, NOTE_SENTENCES, REASON_SENTENCES, USAGE_SOURCE_SENTENCES } from './wording.ts';
