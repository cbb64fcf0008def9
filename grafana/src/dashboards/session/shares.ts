// Who and what it was spent on: agents, models, tools.

import type { Row } from '../../dashboard.ts';
import { clicked, kept, Uid } from '../../link.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { atMost, Color, quiet, Unit } from '../../style.ts';
import { entriesOf } from './of-session.ts';

export function shares(): Row {
  return { title: 'Who and what was it spent on?', panels: [agents(), tools()] };
}

const AGENT_COLUMNS = [
  'sign',
  'agent',
  'turns',
  'inferences',
  'response_time_us',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
] as const;

function agents() {
  return table({
    title: 'Which agent took how much?',
    description:
      'Sums by agent, the dearest first; time is without people and nested agents. One agent with most of the cost: look at its prompt tokens, and at whether a cheaper model would do.',
    width: 15,
    height: 8,
    noValue: 'no such session',
    columns: [
      {
        name: 'Agent',
        drill: { title: 'Open the agent', to: Uid.AGENTS, variables: { tenant: kept('tenant'), agent: clicked } },
      },
      { name: 'Turns', unit: Unit.NONE, width: 70 },
      { name: 'Calls', unit: Unit.NONE, width: 70 },
      { name: 'Time', unit: Unit.SECONDS, width: 90 },
      { name: 'Prompt', unit: Unit.TOKENS, width: 90 },
      { name: 'Answer', unit: Unit.TOKENS, width: 90 },
      { name: 'Cost', unit: Unit.USD, width: 90 },
      { name: 'Share of cost', unit: Unit.RATIO, decimals: 0, width: 180, bar: { color: Color.COST, max: 1 } },
    ],
    queries: [
      rows(sql`
        SELECT
          if(entries.agent = '', 'nobody named', entries.agent) AS "Agent",
          sum(entries.sign * entries.turns) AS "Turns",
          sum(entries.sign * entries.inferences) AS "Calls",
          sum(entries.sign * entries.response_time_us) / 1e6 AS "Time",
          sum(entries.sign * entries.input_tokens) AS "Prompt",
          sum(entries.sign * entries.output_tokens) AS "Answer",
          sum(entries.sign * entries.cost_nano_usd) / 1e9 AS "Cost",
          "Cost" / nullIf(sum("Cost") OVER (), 0) AS "Share of cost"
        FROM ${entriesOf(AGENT_COLUMNS)}
        GROUP BY entries.agent
        HAVING "Turns" > 0 OR "Calls" > 0 OR "Cost" > 0
        ORDER BY "Cost" DESC, "Time" DESC
        LIMIT 50`),
    ],
  });
}

function tools() {
  return table({
    title: 'Which tools were called?',
    description:
      'Tools by how much time they took, with calls that failed. The same tool many times over: the agent does not get what it asks for; its errors are in the list below.',
    width: 9,
    height: 8,
    noValue: 'No tool was called.',
    columns: [
      { name: 'Tool' },
      { name: 'Calls', unit: Unit.NONE, width: 70 },
      { name: 'Failed', unit: Unit.NONE, width: 75, steps: quiet(atMost(1)) },
      { name: 'Time', unit: Unit.SECONDS, width: 90 },
      { name: 'Cost', unit: Unit.USD, width: 80 },
    ],
    queries: [
      rows(sql`
        SELECT
          entries.tool AS "Tool",
          sum(entries.sign) AS "Calls",
          sum(entries.sign * (entries.errors > 0)) AS "Failed",
          sum(entries.sign * (toUnixTimestamp64Micro(entries.ended_at) - toUnixTimestamp64Micro(entries.started_at))) / 1e6 AS "Time",
          sum(entries.sign * entries.cost_nano_usd) / 1e9 AS "Cost"
        FROM ${entriesOf(['sign', 'tool', 'errors', 'started_at', 'ended_at', 'cost_nano_usd'], "entries.kind = 'tool'")}
        GROUP BY entries.tool
        HAVING "Calls" > 0
        ORDER BY "Time" DESC
        LIMIT 50`),
    ],
  });
}
