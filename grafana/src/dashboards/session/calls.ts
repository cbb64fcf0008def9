// Every model call and tool call, one by one.

import type { Row } from '../../dashboard.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, Unit } from '../../style.ts';
import { entriesOf } from './of-session.ts';

export function calls(): Row {
  return { title: 'What happened, one by one?', panels: [everyCall()] };
}

/** What is shown of a call. A reversal repeats its row in all columns, so grouping by these leaves what stands. */
const COLUMNS = [
  'trace_key',
  'record_id',
  'kind',
  'agent',
  'model',
  'tool',
  'started_at',
  'ended_at',
  'time_to_first_token_us',
  'input_tokens',
  'cache_read_tokens',
  'output_tokens',
  'cost_nano_usd',
  'cost_status',
  'error_type',
];

function everyCall() {
  return table({
    title: 'Which calls were made?',
    description:
      'Model and tool calls in order, with how sure their cost is. The last column opens Turnmeter’s explanation: why a call was counted, or not, and how its cost came about.',
    width: 24,
    height: 12,
    noValue: 'no such session',
    columns: [
      { name: 'At', unit: Unit.SECONDS, width: 90 },
      { name: 'Agent' },
      { name: 'What', width: 220 },
      { name: 'Prompt', unit: Unit.TOKENS, width: 90 },
      { name: 'Cached', unit: Unit.RATIO, decimals: 0, width: 85 },
      { name: 'Answer', unit: Unit.TOKENS, width: 90 },
      { name: 'Took', unit: Unit.SECONDS, width: 90 },
      { name: 'First token', unit: Unit.SECONDS, width: 100 },
      { name: 'Cost', unit: Unit.USD, width: 110 },
      {
        name: 'Price',
        width: 100,
        states: {
          exact: { color: Color.OK },
          estimated: { color: Color.WARNING },
          partial: { color: Color.CRITICAL },
          unpriced: { color: Color.STOP },
        },
      },
      { name: 'Error', width: 160 },
      {
        name: 'Why',
        width: 90,
        link: {
          title: 'Why it was counted, and how its cost came about',
          url: '${turnmeter_url}/api/v1/explain?trace_id=${__data.fields["trace"]:percentencode}&span_id=${__data.fields["span"]:percentencode}',
        },
      },
      { name: 'trace', isHidden: true },
      { name: 'span', isHidden: true },
    ],
    queries: [rows(CALLS)],
  });
}

const CALLS = sql`
  SELECT
    (toUnixTimestamp64Micro(entries.started_at) - min(toUnixTimestamp64Micro(entries.started_at)) OVER ()) / 1e6 AS "At",
    if(entries.agent = '', 'nobody named', entries.agent) AS "Agent",
    if(entries.kind = 'tool', concat('tool ', entries.tool), entries.model) AS "What",
    if(entries.kind = 'tool', NULL, entries.input_tokens) AS "Prompt",
    if(entries.input_tokens = 0, NULL, entries.cache_read_tokens / entries.input_tokens) AS "Cached",
    if(entries.kind = 'tool', NULL, entries.output_tokens) AS "Answer",
    (toUnixTimestamp64Micro(entries.ended_at) - toUnixTimestamp64Micro(entries.started_at)) / 1e6 AS "Took",
    if(entries.time_to_first_token_us = 0, NULL, entries.time_to_first_token_us / 1e6) AS "First token",
    if(entries.kind = 'tool' AND entries.cost_nano_usd = 0, NULL, entries.cost_nano_usd / 1e9) AS "Cost",
    entries.cost_status AS "Price",
    entries.error_type AS "Error",
    'explain' AS "Why",
    entries.trace_key AS trace,
    entries.record_id AS span
  FROM
  (
    SELECT ${COLUMNS.join(', ')}
    FROM ${entriesOf(['sign', ...COLUMNS], "entries.kind IN ('inference', 'embedding', 'rerank', 'usage', 'tool')")}
    GROUP BY ${COLUMNS.join(', ')}
    HAVING sum(entries.sign) > 0
  ) AS entries
  ORDER BY entries.started_at, entries.record_id
  LIMIT 500`;
