// A ledger as some days of a tenant leave it, written by SQL inside the engine: what panels are measured on.
// Sessions of fifty spans, one after the other over the days; spans of a session follow each other by a second.

import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { readSessions } from '../packages/aggregator/src/query/read-session.ts';
import { Reader } from '../packages/aggregator/src/query/reader.ts';
import { writeSummary } from '../packages/aggregator/src/query/summary-rows.ts';
import { Database } from '../packages/aggregator/src/save/database.ts';
import { migrate } from '../packages/aggregator/src/save/migrate/migrate.ts';
import { MIGRATIONS_FOLDER, readMigrations } from '../packages/aggregator/src/save/migrate/migration-files.ts';

export const TENANT = 'acme';
export const DAYS = 7;
export const SESSION_SPANS = 50;
export const WORKFLOWS = 20;
/** The latest sessions are not finalized. */
export const RUNNING_SESSIONS = 50;
/** As large as segments of the service at most are. */
const SEGMENT_ROWS = 250_000;
const DAY_US = 86_400_000_000;
const COMMAND_MS_MAX = 280_000;
const SECOND_US = 1_000_000;
/** Told of while they are written, as there may be many. */
const PROGRESS_SPANS = 1_000_000;
/** Each of the later is made of an earlier one. */
const AVERAGES = ['workflow_days', 'workflow_agent_days', 'workflow_averages', 'workflow_agent_averages'];

export interface Ledger {
  readonly client: ClickHouseClient;
  readonly sessions: number;
  /** When the first session begins, µs, and how long after it the next one does. */
  readonly beginUs: number;
  readonly everyUs: number;
  /** What is now to the ledger, µs: it may have been filled a while ago. */
  readonly endUs: number;
  sessionId(number: number): string;
  /** When the first of the running sessions was booked, µs. */
  readonly settledUs: number;
  close(): Promise<void>;
}

/** Fills a database of its own with so many spans and their entries, sessions finalized and averages computed; or takes the one there is. */
export async function fillLedger(url: string, spans: number): Promise<Ledger> {
  const name = `spans_${spans}`;
  const database = new Database({ url, database: name });
  await migrate(database, await readMigrations(MIGRATIONS_FOLDER));
  await database.close();
  const client = createClient({
    url,
    database: name,
    request_timeout: COMMAND_MS_MAX,
    log: { level: ClickHouseLogLevel.OFF },
  });
  const sessions = Math.ceil(spans / SESSION_SPANS);
  const filledUs = await beginOf(client, sessions);
  const beginUs = filledUs ?? Date.now() * 1000 - 120 * SECOND_US - DAYS * DAY_US;
  const everyUs = Math.floor((DAYS * DAY_US) / sessions);
  if (filledUs === undefined) await fill(client, spans, { begin_us: beginUs, every_us: everyUs });
  // Computing averages every five seconds would be taken for what a question costs.
  for (const view of AVERAGES) await command(client, `SYSTEM STOP VIEW ${view}_refresh`);
  await whenMerged(client, name);
  return {
    ...{ client, sessions, beginUs, everyUs },
    endUs: beginUs + DAYS * DAY_US + 120 * SECOND_US,
    sessionId,
    settledUs: beginUs + (sessions - RUNNING_SESSIONS) * everyUs,
    close: () => client.close(),
  };
}

/** When the first session began, µs, if an earlier run has filled the database. */
async function beginOf(client: ClickHouseClient, sessions: number): Promise<number | undefined> {
  const query = `
    SELECT
      (SELECT count() FROM entries) AS entries,
      (SELECT toUnixTimestamp64Micro(min(started_at)) FROM entries) AS begin,
      (SELECT sum(sessions) FROM workflow_averages FINAL) AS finalized`;
  const [row] = await (
    await client.query({ query, format: 'JSONEachRow' })
  ).json<{ entries: string; begin: string; finalized: string }>();
  if (Number(row?.entries) === 0) return undefined;
  const finalized = Number(row?.finalized);
  // Averages are the last that is written.
  if (finalized !== sessions - RUNNING_SESSIONS) {
    throw new Error(`A ledger was not filled to its end: ${finalized} of ${sessions - RUNNING_SESSIONS} sessions`);
  }
  return Number(row?.begin);
}

interface Course {
  readonly begin_us: number;
  readonly every_us: number;
}

async function fill(client: ClickHouseClient, spans: number, course: Course): Promise<void> {
  const range = { ...course, session_spans: SESSION_SPANS, tenant: TENANT };
  const startedAt = performance.now();
  let toldSpans = 0;
  for (let first = 0; first < spans; first += SEGMENT_ROWS) {
    const segment = { ...range, seg: 1 + first / SEGMENT_ROWS, first, rows: Math.min(SEGMENT_ROWS, spans - first) };
    for (const sql of [ENTRIES, OBSERVATIONS]) await command(client, `${sql} ${SPANS}`, segment);
    const written = first + segment.rows;
    if (written - toldSpans < PROGRESS_SPANS) continue;
    toldSpans = written;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.error(`${written.toExponential()} of ${spans.toExponential()} spans written after ${seconds} s`);
  }
  await summarize(client, Math.ceil(spans / SESSION_SPANS) - RUNNING_SESSIONS, range);
  for (const view of AVERAGES) {
    await command(client, `SYSTEM REFRESH VIEW ${view}_refresh`);
    await command(client, `SYSTEM WAIT VIEW ${view}_refresh`);
  }
}

async function command(
  client: ClickHouseClient,
  query: string,
  parameters: Record<string, unknown> = {},
): Promise<void> {
  const clickhouse_settings = {
    max_threads: 2,
    max_execution_time: COMMAND_MS_MAX / 1000,
    max_partitions_per_insert_block: '0',
  } as const;
  await client.command({ query, query_params: parameters, clickhouse_settings });
}

/** Odd: another session for each number. */
const SCATTER = 2_654_435_761;

/** Names of sessions that follow each other lie apart, as ids of real ones do: what is sorted by them is not sorted by time. */
function sessionId(number: number): string {
  const place = Math.imul(number, SCATTER) >>> 0;
  return `session-${place.toString(16).padStart(8, '0')}`;
}

/** The same as SQL. */
function nameOf(number: string): string {
  return `concat('session-', leftPad(lower(hex(toUInt32(${number} * ${SCATTER}))), 8, '0'))`;
}

/** What a span has by its number; ids differ, names repeat. The price is one nano-dollar for an input token and ten for an output token. */
const SPANS = `
FROM
(
  SELECT
    intDiv(number, {session_spans:UInt64}) AS session,
    number % {session_spans:UInt64} AS place,
    {begin_us:Int64} + session * {every_us:Int64} AS began_us,
    fromUnixTimestamp64Micro(began_us + place * 1000000, 'UTC') AS start,
    addMilliseconds(start, 200 + sipHash64(number, 1) % 700) AS end,
    addMilliseconds(end, 400) AS booked,
    ${nameOf('session')} AS session_name,
    concat('workflow-', toString(session % ${WORKFLOWS})) AS workflow_name,
    lower(hex(sipHash128(session, intDiv(place, 10)))) AS trace,
    lower(hex(sipHash64(number))) AS span,
    multiIf(place % 6 = 0, 'turn', place % 6 = 5, 'tool', 'inference') AS what,
    concat('agent-', toString(intDiv(place, 6) % 4)) AS agent_name,
    if(what = 'inference', concat('model-', toString((session + place) % 8)), '') AS model_name,
    if(what = 'tool', concat('tool-', toString(place % 5)), '') AS tool_name,
    if(what = 'inference', 500 + sipHash64(number, 2) % 4000, 0) AS input,
    if(what = 'inference', 20 + sipHash64(number, 3) % 900, 0) AS output
  FROM numbers({first:UInt64}, {rows:UInt64})
)`;

const ENTRIES = `
INSERT INTO entries (seg, writer, ingest_day, ingest_time, sign, tenant, session_id, workflow, user_id, agent, provider, model, tool,
  operation, service, profile, signal, trace_key, record_id, kind, reason, started_at, ended_at, usage_source, is_input_known,
  is_output_known, inferences, turns, tool_calls, errors, input_tokens, output_tokens, cache_read_tokens, response_time_us, cost_nano_usd,
  cost_parts, cost_part_nano_usd, cost_status, cost_source, price_id, book_version)
SELECT {seg:UInt64}, 'bench', toDate(booked), booked, 1, {tenant:String}, session_name, workflow_name, concat('user-', toString(session % 500)),
  agent_name, if(what = 'inference', 'openai', ''), model_name, tool_name, what, 'shop', 'gen-ai', 'span', trace, span, what, what, start, end,
  if(what = 'inference', 'provider', 'none'), what = 'inference', what = 'inference', what = 'inference', what = 'turn', what = 'tool',
  sipHash64(span) % 50 = 0, input, output, intDiv(input, 2), if(what = 'turn', dateDiff('microsecond', start, end), 0), input + 10 * output,
  if(what = 'inference', ['input', 'output'], []), if(what = 'inference', [toInt64(input), toInt64(10 * output)], []),
  if(what = 'inference', 'exact', ''), if(what = 'inference', 'price_book', ''), model_name, 'bench'`;

const OBSERVATIONS = `
INSERT INTO observations (seg, writer, ingest_day, ingest_time, tenant, signal, trace_key, record_id, profile, role, operation, scope,
  service, process, started_at, ended_at, has_usage, input_tokens, output_tokens, grain, usage_source, calls, provider, model,
  response_id, session_id, agent, workflow, tool)
SELECT {seg:UInt64}, 'bench', toDate(booked), booked, {tenant:String}, 'span', trace, span, 'gen-ai', what, what, 'bench', 'shop', 'shop/1', start,
  end, what = 'inference', if(what = 'inference', toInt64(input), -1), if(what = 'inference', toInt64(output), -1), 'call',
  if(what = 'inference', 'provider', 'none'), what = 'inference', if(what = 'inference', 'openai', ''), model_name,
  if(what = 'inference', concat('chatcmpl-', span), ''), session_name, agent_name, workflow_name, tool_name`;

/** Writes the summary of one session as the service does, and of the others as copies of it in their own place and time. */
async function summarize(client: ClickHouseClient, sessions: number, range: Record<string, unknown>): Promise<void> {
  const first = sessionId(0);
  const figures = (await readSessions(new Reader(client), TENANT, [first])).standing.get(first);
  if (figures === undefined) throw new Error('the first session is not in the ledger');
  const finalization = {
    version: figures.bookedUs,
    finalizedUs: figures.bookedUs,
    because: 'idle',
    amendments: 0,
  } as const;
  const values = [writeSummary({ figures, finalization })];
  await client.insert({ table: 'session_summaries', values, format: 'JSONEachRow' });
  for (let from = 1; from < sessions; from += SUMMARIES_BLOCK) {
    const rows = Math.min(SUMMARIES_BLOCK, sessions - from);
    await command(client, SUMMARIES, { ...range, first: from, rows, template: first });
  }
}

const SUMMARIES_BLOCK = 20_000;

/** In REPLACE, names are those of the template's columns: what differs is computed below. */
const SUMMARIES = `
INSERT INTO session_summaries
SELECT * EXCEPT (number, later_us, began, took_us) REPLACE (
  concat('workflow-', toString(number % ${WORKFLOWS})) AS workflow,
  ${nameOf('number')} AS session_id,
  toDate(began) AS day,
  version + later_us AS version,
  began AS began_at,
  addMicroseconds(began, took_us) AS ended_at,
  addMicroseconds(last_booked_at, later_us) AS last_booked_at,
  addMicroseconds(last_booked_at, later_us) AS finalized_at,
  took_us AS duration_us,
  tokens + sipHash64(number, 1) % 50000 AS tokens,
  cost_nano_usd + sipHash64(number, 2) % 90000 AS cost_nano_usd,
  replaceOne(
    replaceOne(document, {template:String}, ${nameOf('number')}),
    '"workflow":"workflow-0"',
    concat('"workflow":"workflow-', toString(number % ${WORKFLOWS}), '"')
  ) AS document
)
FROM
(
  SELECT
    *,
    arrayJoin(range({first:UInt64}, {first:UInt64} + {rows:UInt64})) AS number,
    number * {every_us:Int64} AS later_us,
    fromUnixTimestamp64Micro({begin_us:Int64} + later_us, 'UTC') AS began,
    duration_us + sipHash64(number) % 20000000 AS took_us
  FROM session_summaries
  WHERE session_id = {template:String}
)`;

const LOOK_MS = 500;
const MERGES_MS_MAX = 120_000;

/** Merges under way would take from what is measured; those that never end are not waited for. */
async function whenMerged(client: ClickHouseClient, database: string): Promise<void> {
  const query = 'SELECT count() AS n FROM system.merges WHERE database = {database:String}';
  const startedAt = performance.now();
  for (let quiet = 0; quiet < 4 && performance.now() - startedAt < MERGES_MS_MAX;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const result = await client.query({ query, query_params: { database }, format: 'JSONEachRow' });
    const [row] = await result.json<{ n: string }>();
    quiet = Number(row?.n) === 0 ? quiet + 1 : 0;
  }
}
