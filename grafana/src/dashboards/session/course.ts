// How the session went: money, time and tokens, turn by turn.

import type { Row } from '../../dashboard.ts';
import { barChart } from '../../panel/bar-chart.ts';
import { stateTimeline } from '../../panel/state-timeline.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { rows, series } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, LADDER, rising, Unit } from '../../style.ts';
import { entriesOf, TURNS, USUAL } from './of-session.ts';

export function course(): Row {
  return { title: 'How did it go?', panels: [runningCost(), tokensByTurn(), timeline()] };
}

function runningCost() {
  const { warning, critical, stop } = LADDER;
  return timeSeries({
    title: 'When did the money go?',
    description:
      'What it had cost by each moment, beside what its kind usually costs and the levels at which policies warn, call it critical and stop. A steep step is a dear call: find it in the list at the bottom.',
    unit: Unit.USD,
    width: 14,
    height: 8,
    isStepped: true,
    colors: { cost: Color.COST },
    expected: ['usual'],
    limits: { '75 %': Color.WARNING, '90 %': Color.CRITICAL, '150 %': Color.STOP },
    queries: [
      series(sql`
        WITH
          ${USUAL},
          nullIf(usual_cost, 0) / 1e9 AS usual_usd
        SELECT
          time,
          max(spent) / 1e9 AS "cost",
          usual_usd AS "usual",
          ${warning} * usual_usd AS "75 %",
          ${critical} * usual_usd AS "90 %",
          ${stop} * usual_usd AS "150 %"
        FROM
        (
          SELECT assumeNotNull(seen.5) AS time, 0 AS spent
          WHERE seen.3 > 0
          UNION ALL
          SELECT
            entries.ended_at AS time,
            sum(sum(entries.sign * entries.cost_nano_usd)) OVER (ORDER BY entries.ended_at ROWS UNBOUNDED PRECEDING) AS spent
          FROM ${entriesOf(['sign', 'ended_at', 'cost_nano_usd'])}
          GROUP BY entries.ended_at
          HAVING sum(entries.sign) > 0
        )
        GROUP BY time
        ORDER BY time
        LIMIT 5000`),
    ],
  });
}

function tokensByTurn() {
  return barChart({
    title: 'How many tokens did each turn take?',
    description:
      'Prompt and answer tokens of each turn, in order. Prompts that grow with every turn are the conversation that is sent again: shorten it, or let the provider cache it.',
    unit: Unit.TOKENS,
    by: 'Turn',
    width: 10,
    height: 8,
    isStacked: true,
    colors: { Prompt: Color.TOKENS, Answer: Color.TIME },
    queries: [
      rows(sql`
        SELECT
          concat(toString(place), ' ', speaker) AS "Turn",
          input_tokens AS "Prompt",
          output_tokens AS "Answer"
        FROM
        (${TURNS})
        ORDER BY place
        LIMIT 100`),
    ],
  });
}

/** Seconds of a turn, a tool or a person, from when on they are slow. */
const SLOW = rising(10, 30);

function timeline() {
  return stateTimeline({
    title: 'Who was at it when, and for how long?',
    description:
      'A lane for each agent, for tools and for people that were waited for; colored by how long it took: yellow from 10 s, red from 30 s on (the promise for turns). Long gaps are time in which nothing was recorded.',
    unit: Unit.SECONDS,
    decimals: 1,
    width: 24,
    height: 8,
    steps: SLOW,
    hasLegend: false,
    queries: [
      series(sql`
        SELECT
          fromUnixTimestamp64Micro(moment_us, 'UTC') AS time,
          span.1 AS lane,
          maxIf(toNullable((span.3 - span.2) / 1e6), span.2 <= moment_us AND moment_us < span.3) AS Value
        FROM
        (
          SELECT
            spans,
            arrayJoin(arrayDistinct(arrayConcat(spans.2, spans.3))) AS moment_us
          FROM
          (
            SELECT groupArray((lane, began_us, ended_us)) AS spans
            FROM
            (
              SELECT speaker AS lane, began_us, ended_us
              FROM
              (${TURNS})
              UNION ALL
              SELECT
                if(entries.kind = 'tool', concat('tool ', entries.tool), 'people') AS lane,
                toUnixTimestamp64Micro(entries.started_at) AS began_us,
                toUnixTimestamp64Micro(entries.ended_at) AS ended_us
              FROM ${entriesOf(['sign', 'record_id', 'kind', 'tool', 'started_at', 'ended_at'], "entries.kind IN ('tool', 'human_wait')")}
              GROUP BY
                entries.record_id,
                entries.kind,
                entries.tool,
                entries.started_at,
                entries.ended_at
              HAVING sum(entries.sign) > 0
              ORDER BY began_us
              LIMIT 300
            )
          )
        )
        ARRAY JOIN spans AS span
        GROUP BY moment_us, lane
        ORDER BY time, lane`),
    ],
  });
}
