import { readdir } from 'node:fs/promises';
import type { Expected } from './expected.ts';

/** What is in the database. */
export interface Findings {
  /** That were sent and acknowledged, repetitions not counted, and the model calls and tokens that they tell of. */
  readonly records: number;
  readonly calls: number;
  readonly tokens: number;
  /** Records that are missing, and calls that are not counted. */
  readonly lost: number;
  /** Records that are booked twice, and calls that are counted twice. */
  readonly doubled: number;
  /** Sentences, one for each thing that is not as it should be. */
  readonly wrong: readonly string[];
}

interface Place {
  readonly url: string;
  readonly database: string;
  readonly directory: string;
}

/** Compares everything in the database with what was sent. Nothing of the product is between the two. */
export async function verify(place: Place, expected: Expected): Promise<Findings> {
  const wrong: string[] = [];
  const check = (what: string, found: unknown, wanted: unknown): void => {
    if (String(found) !== String(wanted)) wrong.push(`${what}: expected ${String(wanted)}, found ${String(found)}`);
  };
  const ask = (sql: string): Promise<Record<string, string>[]> => query(place, sql);
  const calls = sum(expected.calls);
  const tokens = sum(expected.tokens);

  const [seen] = await ask(
    'SELECT count() AS rows, uniqExact(tenant, trace_key, signal, record_id) AS records FROM observations',
  );
  check('records in observations', seen?.['records'], expected.records);

  const [twice] = await ask(
    `SELECT count() AS records FROM (SELECT sum(sign) AS standing FROM entries GROUP BY tenant, trace_key, signal, record_id
     HAVING standing NOT IN (0, 1)) SETTINGS optimize_use_projections = 0`,
  );
  check('records that stand more than once, or less than never', twice?.['records'], 0);

  const [net] = await ask(
    "SELECT countIf(kind = 'inference') AS calls, countIf(standing != 1) AS odd FROM net_entries",
  );
  check('standing calls', net?.['calls'], calls);
  check('entries that stand with another content than they were booked with', net?.['odd'], 0);

  for (const view of VIEWS) {
    const sums =
      'sum(inferences) AS calls, sum(input_tokens + output_tokens) AS tokens, sum(cost_nano_usd) AS cost, sum(standing_entries) AS entries';
    const [found] = await ask(`SELECT ${sums} FROM ${view} SETTINGS force_optimize_projection = 1`);
    check(`calls in ${view}`, found?.['calls'], calls);
    check(`tokens in ${view}`, found?.['tokens'], tokens);
    check(`cost in ${view}`, found?.['cost'], tokens);
    const [raw] = await ask('SELECT sum(sign) AS entries FROM entries SETTINGS optimize_use_projections = 0');
    check(`entries in ${view}`, found?.['entries'], raw?.['entries']);
  }

  const sessions = await ask(
    'SELECT session_id, sum(inferences) AS calls, sum(input_tokens + output_tokens) AS tokens FROM session_totals GROUP BY session_id HAVING calls != 0 OR tokens != 0',
  );
  check('sessions', sessions.length, expected.tokens.size);
  for (const { session_id: session = '', calls: found, tokens: used } of sessions) {
    check(`calls of ${session}`, found, expected.calls.get(session));
    check(`tokens of ${session}`, used, expected.tokens.get(session));
  }

  const detached = await ask(
    'SELECT table, reason, count() AS parts, any(name) AS one FROM system.detached_parts WHERE database = currentDatabase() GROUP BY table, reason',
  );
  check('detached parts', JSON.stringify(detached), '[]');
  const left = (await readdir(place.directory)).filter((name) => name.endsWith('.entries'));
  check('segments that are left', left.join(' '), '');
  const standing = Number(net?.['calls']);
  return {
    records: expected.records,
    calls,
    tokens,
    lost: Math.max(0, expected.records - Number(seen?.['records'])) + Math.max(0, calls - standing),
    doubled: Number(twice?.['records']) + Math.max(0, standing - calls),
    wrong,
  };
}

const VIEWS = [
  'session_totals',
  'session_agent_totals',
  'session_model_totals',
  'session_tool_totals',
  'workflow_5min_totals',
  'workflow_hour_totals',
  'model_hour_totals',
  'tool_hour_totals',
];

function sum(amounts: ReadonlyMap<string, number>): number {
  return [...amounts.values()].reduce((total, amount) => total + amount, 0);
}

async function query({ url, database }: Place, sql: string): Promise<Record<string, string>[]> {
  const answer = await fetch(
    `${url}/?database=${database}&default_format=JSONEachRow&output_format_json_quote_64bit_integers=1`,
    {
      method: 'POST',
      body: sql,
    },
  );
  const text = await answer.text();
  if (!answer.ok) throw new Error(text.slice(0, 500));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, string>);
}
