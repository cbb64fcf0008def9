// The month as the service's own ledger has it: what counters and gauges would have shown, had Prometheus been there.

import type { EmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';

/** Of one minute of one workflow. */
export interface Spending {
  readonly tenant: string;
  readonly workflow: string;
  readonly timeMs: number;
  readonly nanoUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly unpricedTokens: number;
  readonly records: number;
}

export interface Turn {
  readonly tenant: string;
  readonly workflow: string;
  readonly timeMs: number;
  readonly seconds: number;
}

export interface FinishedSession {
  readonly tenant: string;
  readonly workflow: string;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly nanoUsd: number;
  readonly isFailed: boolean;
}

export interface Ledger {
  readonly spending: readonly Spending[];
  readonly turns: readonly Turn[];
  readonly sessions: readonly FinishedSession[];
}

const SPENDING = `
  SELECT
    tenant,
    workflow,
    toUnixTimestamp(toStartOfMinute(ended_at)) * 1000 AS time_ms,
    sum(sign * cost_nano_usd) AS nano_usd,
    sum(sign * input_tokens) AS input,
    sum(sign * output_tokens) AS output,
    sum(sign * unpriced_tokens) AS unpriced,
    sum(sign) AS records
  FROM entries
  GROUP BY tenant, workflow, time_ms
  ORDER BY time_ms`;

const TURNS = `
  SELECT tenant, workflow, toUnixTimestamp64Milli(ended_at) AS time_ms, response_time_us / 1e6 AS seconds
  FROM net_entries
  WHERE turns > 0 AND response_time_us > 0
  ORDER BY time_ms`;

const SESSIONS = `
  SELECT
    tenant,
    any(workflow) AS name,
    toUnixTimestamp64Milli(min(started_at)) AS began_ms,
    toUnixTimestamp64Milli(max(ended_at)) AS ended_ms,
    sum(sign * cost_nano_usd) AS nano_usd,
    sum(sign * errors) > 0 AS is_failed
  FROM entries
  GROUP BY tenant, session_id
  ORDER BY ended_ms`;

type Row = readonly (string | number)[];

export async function readLedger(engine: Pick<EmbeddedClickHouse, 'url'>): Promise<Ledger> {
  const spending = await rows(engine, SPENDING);
  const turns = await rows(engine, TURNS);
  const sessions = await rows(engine, SESSIONS);
  return {
    spending: spending.map(([tenant, workflow, timeMs, nanoUsd, input, output, unpriced, records]) => ({
      tenant: String(tenant),
      workflow: String(workflow),
      timeMs: Number(timeMs),
      nanoUsd: Number(nanoUsd),
      inputTokens: Number(input),
      outputTokens: Number(output),
      unpricedTokens: Number(unpriced),
      records: Number(records),
    })),
    turns: turns.map(([tenant, workflow, timeMs, seconds]) => ({
      tenant: String(tenant),
      workflow: String(workflow),
      timeMs: Number(timeMs),
      seconds: Number(seconds),
    })),
    sessions: sessions.map(([tenant, workflow, beganMs, endedMs, nanoUsd, isFailed]) => ({
      tenant: String(tenant),
      workflow: String(workflow),
      beganMs: Number(beganMs),
      endedMs: Number(endedMs),
      nanoUsd: Number(nanoUsd),
      isFailed: Number(isFailed) === 1,
    })),
  };
}

async function rows({ url }: Pick<EmbeddedClickHouse, 'url'>, query: string): Promise<readonly Row[]> {
  const response = await fetch(`${url}/?database=turnmeter&default_format=JSONCompact`, {
    method: 'POST',
    body: query,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the ledger could not be read: ${text.slice(0, 500)}`);
  return (JSON.parse(text) as { readonly data: readonly Row[] }).data;
}
