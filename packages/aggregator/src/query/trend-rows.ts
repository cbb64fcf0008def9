// The rows that trends are made of: amounts by step, sessions by the step they began in, and how far anything is known.

import type { Parameters, Reader, ReadOptions } from './reader.ts';
import { sql, type Sql } from './sql.ts';
import type { StepBounds } from './trend-steps.ts';

export const TrendStep = { DAY: 'day', HOUR: 'hour' } as const;
export type TrendStep = (typeof TrendStep)[keyof typeof TrendStep];

export const TrendsBy = { WORKFLOW: 'workflow', AGENT: 'agent', MODEL: 'model' } as const;
export type TrendsBy = (typeof TrendsBy)[keyof typeof TrendsBy];

export interface TrendsQuery {
  /** @default all workflows, and what belongs to none */
  readonly workflow?: string | undefined;
  /** @default one series of all */
  readonly by?: TrendsBy | undefined;
  readonly step: TrendStep;
  /** Days and hours begin as they do there: a name of the IANA time zone database. */
  readonly timezone: string;
  /** As `2026-11-21`, in the time zone; both are included. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** The step that runs now is partial. */
  readonly nowUs: number;
  /** Sessions take longer to count than all else together. @default true without `by` */
  readonly hasSessions?: boolean;
}

/** Steps of all agents or models together. */
export const TREND_ROWS_MAX = 200_000;
/** Sessions that ran for longer before the first day count as begun on the first day of theirs that is asked for. */
const SESSION_DAYS = 7;

export interface TrendRow {
  readonly step: string;
  /** Agent or model. */
  readonly name: string;
  readonly inferences: string;
  readonly turns: string;
  readonly untimed_turns: string;
  readonly tool_calls: string;
  readonly errors: string;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly unpriced_tokens: string;
  readonly response_time_us: string;
  readonly cost_nano_usd: string;
}

const AMOUNTS = sql`
    sum(entries.sign * entries.inferences) AS inferences,
    sum(entries.sign * entries.turns) AS turns,
    sum(entries.sign * entries.turns * has(entries.notes, 'untimed_turn')) AS untimed_turns,
    sum(entries.sign * entries.tool_calls) AS tool_calls,
    sum(entries.sign * entries.errors) AS errors,
    sum(entries.sign * entries.input_tokens) AS input_tokens,
    sum(entries.sign * entries.output_tokens) AS output_tokens,
    sum(entries.sign * entries.unpriced_tokens) AS unpriced_tokens,
    sum(entries.sign * entries.response_time_us) AS response_time_us,
    sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd`;

const WHOSE = sql`
  entries.tenant = {tenant:String}
    AND (entries.workflow = {workflow:String} OR {is_any_workflow:Bool})`;

/** What a time is cut to. No time zone differs from UTC by less than five minutes, so sums of five minutes serve all. */
interface Cut {
  readonly time: Sql;
  readonly options: ReadOptions;
}

const FIVE_MINUTES: Cut = {
  time: sql`toStartOfFiveMinutes(entries.ended_at)`,
  options: { projection: 'workflow_5min_sums' },
};

/** By workflow all is as without; by agent and model there are sums of days, by model of hours, both of UTC; the rest is added up from rows. */
function cutFor({ by, step, timezone }: TrendsQuery): Cut {
  if (by === undefined || by === TrendsBy.WORKFLOW) return FIVE_MINUTES;
  if (timezone !== 'UTC') return { time: sql`entries.ended_at`, options: {} };
  if (step === TrendStep.DAY) return { time: sql`toDate(entries.ended_at)`, options: { projection: 'day_sums' } };
  return by === TrendsBy.MODEL
    ? { time: sql`toStartOfHour(entries.ended_at)`, options: { projection: 'hour_sums' } }
    : { time: sql`entries.ended_at`, options: {} };
}

/** The step that a time is in: a day, or the seconds at which an hour began. */
function stepSql(time: Sql, query: TrendsQuery): Sql {
  return query.step === TrendStep.DAY
    ? daySql(time, query)
    : sql`toUnixTimestamp(toStartOfHour(${time}, {timezone:String}))`;
}

/** A day of UTC is a day already, and to cut it again would hide it from the sums by day. */
function daySql(time: Sql, { by, timezone }: TrendsQuery): Sql {
  return by !== undefined && timezone === 'UTC' ? sql`toDate(${time})` : sql`toDate(${time}, {timezone:String})`;
}

/** What all queries of trends are told. */
export function trendParameters(tenant: string, query: TrendsQuery): Parameters {
  return {
    tenant,
    workflow: query.workflow ?? '',
    is_any_workflow: query.workflow === undefined,
    timezone: query.timezone,
    first_day: query.firstDay,
    last_day: query.lastDay,
    limit: TREND_ROWS_MAX + 1,
  };
}

const NAMES: Readonly<Record<TrendsBy, Sql>> = {
  [TrendsBy.WORKFLOW]: sql`entries.workflow`,
  [TrendsBy.AGENT]: sql`entries.agent`,
  [TrendsBy.MODEL]: sql`entries.model`,
};

export async function readTrendRows(
  reader: Reader,
  query: TrendsQuery,
  parameters: Parameters,
): Promise<readonly TrendRow[]> {
  const { time, options } = cutFor(query);
  const name = query.by === undefined ? sql`''` : NAMES[query.by];
  const step = stepSql(time, query);
  const grouped = query.by === undefined ? step : sql`${step}, ${name}`;
  const found = sql`
  SELECT
    toString(${step}) AS step,
    toString(${name}) AS name,
    ${AMOUNTS}
  FROM entries
  WHERE ${WHOSE}
    AND ${daySql(time, query)} BETWEEN {first_day:Date} AND {last_day:Date}
  GROUP BY ${grouped}
  HAVING sum(entries.sign) > 0
  ORDER BY step, name
  LIMIT {limit:UInt32}`;
  return reader.rows<TrendRow>(found, parameters, options);
}

/** Sessions by the step in which they began. */
export async function readBegun(
  reader: Reader,
  query: TrendsQuery,
  parameters: Parameters,
): Promise<ReadonlyMap<string, number>> {
  const step = stepSql(sql`sessions.began`, query);
  const found = sql`
  SELECT
    toString(${step}) AS step,
    count() AS sessions
  FROM
  (
    SELECT
      entries.session_id AS session_id,
      min(entries.started_at) AS began
    FROM entries
    WHERE ${WHOSE}
      AND notEmpty(entries.session_id)
      AND entries.ingest_day + {session_days:UInt8} >= {first_day:Date}
    GROUP BY entries.session_id
    HAVING sum(entries.sign) > 0
  ) AS sessions
  WHERE ${daySql(sql`sessions.began`, query)} BETWEEN {first_day:Date} AND {last_day:Date}
  GROUP BY ${step}`;
  const rows = await reader.rows<{ readonly step: string; readonly sessions: string }>(
    found,
    { ...parameters, session_days: SESSION_DAYS },
    { projection: 'session_sums' },
  );
  return new Map(rows.map((row) => [row.step, Number(row.sessions)]));
}

/** The last step of which anything of the tenant is known; and the first asked for, if there was use before it. */
export async function readBounds(reader: Reader, query: TrendsQuery, parameters: Parameters): Promise<StepBounds> {
  const { time, options } = FIVE_MINUTES;
  const latest = sql`
  SELECT toString(max(times.time)) AS step
  FROM
  (
    SELECT ${stepSql(time, { ...query, by: undefined })} AS time
    FROM entries
    WHERE entries.tenant = {tenant:String}
      AND ${daySql(time, { ...query, by: undefined })} BETWEEN {first_day:Date} AND {last_day:Date}
    GROUP BY time
    HAVING sum(entries.sign) > 0
  ) AS times
  HAVING count() > 0`;
  const before = sql`
  SELECT toString(${firstStep(query.step)}) AS step
  FROM entries
  WHERE ${WHOSE}
    AND ${daySql(time, { ...query, by: undefined })} < {first_day:Date}
  GROUP BY ${time}
  HAVING sum(entries.sign) > 0
  LIMIT 1`;
  const [[last], [first]] = await Promise.all([
    reader.rows<{ readonly step: string }>(latest, parameters, options),
    query.by === undefined ? reader.rows<{ readonly step: string }>(before, parameters, options) : [],
  ]);
  return { first: first?.step, last: last?.step };
}

function firstStep(step: TrendStep): Sql {
  return step === TrendStep.DAY
    ? sql`{first_day:Date}`
    : sql`toUnixTimestamp(toDateTime(concat(toString({first_day:Date}), ' 00:00:00'), {timezone:String}))`;
}
