// Who takes the time and the money: agents and tools.

import type { Row } from '../../dashboard.ts';
import { clicked, kept, Uid } from '../../link.ts';
import { barGauge } from '../../panel/bar-gauge.ts';
import { table } from '../../panel/table.ts';
import { booked } from '../../query/booked.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { chosen, ofTenant } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, Unit } from '../../style.ts';
import { TURNS } from './in-range.ts';

export function agents(): Row {
  return { title: 'Who takes the time and the money?', panels: [bottleneck(), everyAgent()] };
}

const OF_WORKFLOW = [
  ofTenant('entries'),
  `entries.workflow = ${chosen('workflow')}`,
  "entries.kind IN ('turn', 'tool')",
].join('\n  AND ');

/** Days that the time range has from midnight to midnight: from the sums by day. */
const WHOLE_DAYS = `${OF_WORKFLOW}
  AND toDate(entries.ended_at) > toDate($__fromTime, 'UTC')
  AND toDate(entries.ended_at) < toDate($__toTime, 'UTC')`;

/** The rest of the time range, entry by entry: a month of them would take seconds. */
const FIRST_AND_LAST_DAY = booked({
  columns: ['kind', 'tool', 'agent', 'sign', 'response_time_us', 'started_at', 'ended_at'],
  where: `${OF_WORKFLOW}
  AND entries.ingest_day >= toDate($__fromTime, 'UTC') - 1
  AND $__timeFilter(entries.ended_at)
  AND (entries.ended_at < toDateTime(toDate($__fromTime, 'UTC') + 1, 'UTC') OR entries.ended_at >= toDateTime(toDate($__toTime, 'UTC'), 'UTC'))`,
});

/** Microseconds by agent, of turns, and by tool. What stands after FROM has entries, and is called so. */
function takenIn(from: string): string {
  return sql`
    SELECT
      entries.kind AS kind,
      if(entries.kind = 'tool', entries.tool, entries.agent) AS name,
      if(
        entries.kind = 'turn',
        sum(entries.sign * entries.response_time_us),
        sum(entries.sign * (toUnixTimestamp64Micro(entries.ended_at) - toUnixTimestamp64Micro(entries.started_at)))
      ) AS part_us
    FROM ${from}
    GROUP BY kind, name
  `.trim();
}

function bottleneck() {
  return barGauge({
    title: 'Who takes the time?',
    description:
      'Time of turns by agent, and of tools that they waited for (in their turns), as shares of the time of all turns that ended in the time range. The longest bar is where a faster model, a shorter prompt or a cache helps most.',
    unit: Unit.RATIO,
    decimals: 0,
    color: Color.TIME,
    max: 1,
    width: 8,
    height: 8,
    isByRow: true,
    limit: 9,
    noValue: 'no turns',
    queries: [
      rows(sql`
        SELECT
          if(kind = 'tool', concat('tool ', name), if(name = '', 'nobody named', name)) AS "Who",
          taken_us / nullIf(sum(if(kind = 'turn', taken_us, 0)) OVER (), 0) AS "Share of time"
        FROM
        (
          SELECT kind, name, sum(part_us) AS taken_us
          FROM
          (
            ${takenIn(`entries\nWHERE ${WHOLE_DAYS}`)}
            UNION ALL
            ${takenIn(FIRST_AND_LAST_DAY)}
          )
          GROUP BY kind, name
        )
        WHERE taken_us > 0
        ORDER BY taken_us DESC
        LIMIT 9`),
    ],
  });
}

function everyAgent() {
  return table({
    title: 'What does each agent take, use and cost?',
    description:
      'Turns in the sessions that ended in the time range. Many prompt tokens for few answer tokens: the agent is sent more than it needs. A click shows the agent alone.',
    width: 16,
    height: 8,
    noValue: 'no turns',
    columns: [
      {
        name: 'Agent',
        drill: {
          title: 'Open the agent',
          to: Uid.AGENTS,
          variables: { tenant: kept('tenant'), workflow: kept('workflow'), agent: clicked },
        },
      },
      { name: 'Turns', unit: Unit.NONE, width: 80 },
      { name: 'Answers in', unit: Unit.SECONDS, width: 100 },
      { name: '95 % within', unit: Unit.SECONDS, width: 100 },
      { name: 'Cost', unit: Unit.USD, width: 90 },
      { name: 'Share of cost', unit: Unit.RATIO, decimals: 0, width: 200, bar: { color: Color.COST, max: 1 } },
      { name: 'Prompt a turn', unit: Unit.TOKENS, width: 110 },
      { name: 'Answer a turn', unit: Unit.TOKENS, width: 110 },
    ],
    queries: [
      rows(sql`
        SELECT
          if(turn.speaker = '', 'nobody named', turn.speaker) AS "Agent",
          count() AS "Turns",
          avgIf(turn.response_us, turn.response_us >= 0) / 1e6 AS "Answers in",
          quantileExactIf(0.95)(turn.response_us, turn.response_us >= 0) / 1e6 AS "95 % within",
          sum(turn.cost_nano_usd) / 1e9 AS "Cost",
          "Cost" / nullIf(sum("Cost") OVER (), 0) AS "Share of cost",
          avg(turn.input_tokens) AS "Prompt a turn",
          avg(turn.output_tokens) AS "Answer a turn"
        FROM
        (${TURNS}) AS turn
        GROUP BY turn.speaker
        ORDER BY "Cost" DESC
        LIMIT 50`),
    ],
  });
}
