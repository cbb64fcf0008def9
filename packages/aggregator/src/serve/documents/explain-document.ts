// Why a record counts or not, and how its cost came about (R40).

import { z } from 'zod';
import type { ExplainedBooking, ExplainedRecord, Explanation } from '../../query/explain.ts';
import type { SeenRow } from '../../query/explain-rows.ts';
import { isoOf, type MoneyDocument, moneyOf, moneyShape, timeSchema } from './amounts.ts';

interface SeenDocument {
  readonly profile: string;
  readonly role: string;
  readonly operation: string;
  readonly scope: string;
  readonly service: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly usage: Readonly<Record<string, number | null>> | null;
  readonly usage_source: string;
  readonly usage_grain: string;
  readonly provider: string;
  readonly model: string;
  readonly response_id: string;
  readonly session: string;
  readonly agent: string;
  readonly workflow: string;
  readonly workflow_version: string;
  readonly tool: string;
  readonly error_type: string;
  readonly notes: readonly string[];
}

interface BookingDocument {
  readonly booked_at: string;
  readonly sign: number;
  readonly stands: boolean;
  readonly kind: string;
  readonly reason: string;
  readonly because: string | null;
  readonly counted_by: string | null;
  readonly session_id: string | null;
  readonly workflow: string;
  readonly workflow_version: string;
  readonly agent: string;
  readonly model: string;
  readonly tokens: Readonly<Record<string, number>>;
  readonly excluded_tokens: { readonly input: number; readonly output: number };
  readonly cost: MoneyDocument & {
    readonly status: string;
    readonly source: string;
    readonly price_id: string;
    readonly book_version: string;
    readonly reasons: readonly string[];
    readonly claim_nano_usd: string;
    readonly claim_by: string | null;
  };
  readonly sentences: readonly string[];
}

export interface ExplainedRecordDocument {
  readonly record_id: string;
  readonly parent_id: string | null;
  readonly signal: string;
  readonly explanation: string;
  readonly seen: SeenDocument;
  readonly bookings: readonly BookingDocument[];
  readonly children: readonly ExplainedRecordDocument[];
}

export interface ExplanationDocument {
  readonly trace_id: string | null;
  readonly records: readonly ExplainedRecordDocument[];
  readonly is_truncated: boolean;
  /** The same as a tree in plain text. */
  readonly text: string;
}

const text = z.string();
const name = z.string().nullable();
const count = z.number().int();

const seenSchema = z
  .object({
    profile: text.meta({ description: 'What read the record.' }),
    role: text,
    operation: text,
    scope: text,
    service: text,
    started_at: timeSchema,
    ended_at: timeSchema,
    usage: z
      .record(z.string(), count.nullable())
      .nullable()
      .meta({ description: 'Token counts; null is "not reported".' }),
    usage_source: text,
    usage_grain: text,
    provider: text,
    model: text,
    response_id: text,
    session: text.meta({ description: 'Session that the record itself names.' }),
    agent: text,
    workflow: text,
    workflow_version: text,
    tool: text,
    error_type: text,
    notes: z.array(text).readonly(),
  })
  .meta({ id: 'SeenRecord' });

const bookingSchema = z
  .object({
    booked_at: timeSchema,
    sign: count.meta({ description: '1 booked, -1 taken back.' }),
    stands: z.boolean().meta({ description: 'Whether it is still in the figures.' }),
    kind: text,
    reason: text,
    because: name,
    counted_by: name,
    session_id: name,
    workflow: text,
    workflow_version: text,
    agent: text,
    model: text,
    tokens: z.record(z.string(), count),
    excluded_tokens: z.object({ input: count, output: count }),
    cost: z.object({
      ...moneyShape,
      status: text,
      source: text,
      price_id: text,
      book_version: text,
      reasons: z.array(text).readonly(),
      claim_nano_usd: text,
      claim_by: name,
    }),
    sentences: z.array(text).readonly(),
  })
  .meta({ id: 'Booking' });

const explainedRecordSchema: z.ZodType<ExplainedRecordDocument> = z
  .object({
    record_id: text,
    parent_id: name,
    signal: text,
    explanation: text,
    seen: seenSchema,
    bookings: z.array(bookingSchema).readonly(),
    get children(): z.ZodType<readonly ExplainedRecordDocument[]> {
      return z.array(explainedRecordSchema).readonly();
    },
  })
  .meta({ id: 'ExplainedRecord' });

export const explanationSchema: z.ZodType<ExplanationDocument> = z
  .object({
    trace_id: name.meta({ description: 'Null for a record outside any trace.' }),
    records: z
      .array(explainedRecordSchema)
      .readonly()
      .meta({ description: 'Outermost records, each with what is below it.' }),
    is_truncated: z.boolean(),
    text: text.meta({ description: 'The same as a tree in plain text.' }),
  })
  .meta({ id: 'Explanation' });

export function explanationDocument({ traceKey, records, isTruncated }: Explanation): ExplanationDocument {
  return {
    trace_id: traceKey.includes('/') ? null : traceKey,
    records: records.map(recordDocument),
    is_truncated: isTruncated,
    text: records.flatMap((record) => linesOf(record, '')).join('\n'),
  };
}

function recordDocument({ seen, bookings, explanation, children }: ExplainedRecord): ExplainedRecordDocument {
  return {
    record_id: seen.record_id,
    parent_id: orNull(seen.parent_id),
    signal: seen.signal,
    explanation,
    seen: seenDocument(seen),
    bookings: bookings.map(bookingDocument),
    children: children.map(recordDocument),
  };
}

function seenDocument(seen: SeenRow): SeenDocument {
  return {
    profile: seen.profile,
    role: seen.role,
    operation: seen.operation,
    scope: seen.scope,
    service: seen.service,
    started_at: isoOf(seen.start_us),
    ended_at: isoOf(seen.end_us),
    usage: seen.has_usage ? usageOf(seen) : null,
    usage_source: seen.usage_source,
    usage_grain: seen.grain,
    provider: seen.provider,
    model: seen.model,
    response_id: seen.response_id,
    session: seen.session_id,
    agent: seen.agent,
    workflow: seen.workflow,
    workflow_version: seen.workflow_version,
    tool: seen.tool,
    error_type: seen.error_type,
    notes: seen.notes,
  };
}

function usageOf(seen: SeenRow): Readonly<Record<string, number | null>> {
  return {
    input: reported(seen.input_tokens),
    output: reported(seen.output_tokens),
    cache_read: reported(seen.cache_read_tokens),
    cache_write: reported(seen.cache_write_tokens),
    reasoning: reported(seen.reasoning_tokens),
  };
}

/** -1 was not reported. */
function reported(value: number): number | null {
  return value < 0 ? null : value;
}

function bookingDocument({ row, stands, sentences }: ExplainedBooking): BookingDocument {
  return {
    booked_at: isoOf(row.booked_us),
    sign: row.sign,
    stands,
    kind: row.kind,
    reason: row.reason,
    because: orNull(row.because),
    counted_by: orNull(row.counted_by),
    session_id: orNull(row.session_id),
    workflow: row.workflow,
    workflow_version: row.workflow_version,
    agent: row.agent,
    model: row.model,
    tokens: {
      input: row.input_tokens,
      output: row.output_tokens,
      cache_read: row.cache_read_tokens,
      cache_write: row.cache_write_tokens,
      reasoning: row.reasoning_tokens,
    },
    excluded_tokens: { input: row.excluded_input_tokens, output: row.excluded_output_tokens },
    cost: {
      ...moneyOf(BigInt(row.cost_nano_usd)),
      status: row.cost_status,
      source: row.cost_source,
      price_id: row.price_id,
      book_version: row.book_version,
      reasons: row.cost_reasons,
      claim_nano_usd: `${row.claim_nano_usd}`,
      claim_by: orNull(row.claim_by),
    },
    sentences,
  };
}

/** Empty names are none. */
function orNull(value: string): string | null {
  return value === '' ? null : value;
}

/** A record a line, indented below what is above it. Line breaks in names would break the tree. */
function linesOf({ seen, explanation, children }: ExplainedRecord, indent: string): readonly string[] {
  const line = `${indent}${seen.signal} ${seen.record_id} ${seen.operation}: ${explanation}`;
  return [line.replaceAll(/[\r\n\u2028\u2029]+/g, ' '), ...children.flatMap((child) => linesOf(child, `${indent}  `))];
}
