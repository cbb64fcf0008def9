// Who hands over to whom, in sessions that were finalized: changes of speaker from one turn to the next.

import type { Row } from '../../dashboard.ts';
import { nodeGraph } from '../../panel/node-graph.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { isAmong, ofTenant } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, Unit } from '../../style.ts';

export function handoffsRow(): Row {
  return {
    title: 'Handoffs: who passes on to whom',
    panels: [graph(), pairs()],
  };
}

/** Turns of finalized sessions that began in the time range, the latest version of each. */
const SPOKEN = sql`
  SELECT
    argMax(summary.turn_speaker, summary.version) AS speakers,
    argMax(summary.turn_input_tokens, summary.version) AS inputs,
    argMax(summary.turn_cost_nano_usd, summary.version) AS costs
  FROM session_summaries AS summary
  WHERE ${[
    ofTenant('summary'),
    isAmong('summary.workflow', 'workflow'),
    "summary.day BETWEEN toDate($__fromTime, 'UTC') AND toDate($__toTime, 'UTC')",
    '$__timeFilter(summary.began_at)',
  ].join('\n  AND ')}
  GROUP BY
    summary.workflow,
    summary.day,
    summary.session_id
  HAVING argMax(summary.is_deleted, summary.version) = 0`;

/** One row for each handoff. */
const HANDOFFS = sql`
  SELECT
    turn.2 AS speaker,
    turn.1 AS before,
    turn.3 AS input,
    turn.4 AS nano_usd
  FROM
  (
    ${SPOKEN.trim()}
  )
  ARRAY JOIN arrayZip(
    arrayPopBack(speakers),
    arrayPopFront(speakers),
    arrayPopFront(inputs),
    arrayPopFront(costs)
  ) AS turn
  WHERE turn.1 != turn.2
    AND turn.1 != ''
    AND turn.2 != ''
    AND (${isAmong('turn.1', 'agent')} OR ${isAmong('turn.2', 'agent')})`;

function graph() {
  return nodeGraph({
    title: 'How does a session go from agent to agent?',
    description:
      'Agents with their turns and what these cost; lines with how often one followed on the other. A thick line in both directions is two agents that go back and forth: give one of them the last word.',
    nodeUnit: Unit.COUNT,
    nodeSecondUnit: Unit.USD,
    edgeUnit: Unit.COUNT,
    width: 12,
    height: 11,
    queries: [
      rows(
        sql`
          SELECT
            spoken.agent AS id,
            spoken.agent AS title,
            count() AS mainstat,
            sum(spoken.nano_usd) / 1e9 AS secondarystat
          FROM
          (
            SELECT turn.1 AS agent, turn.2 AS nano_usd
            FROM
            (
              ${SPOKEN.trim()}
            )
            ARRAY JOIN arrayZip(speakers, costs) AS turn
          ) AS spoken
          WHERE spoken.agent != ''
          GROUP BY id
          ORDER BY mainstat DESC, id
          LIMIT 60`,
        'nodes',
      ),
      rows(
        sql`
          SELECT
            concat(before, '→', speaker) AS id,
            before AS source,
            speaker AS target,
            count() AS mainstat,
            1 + round(4 * mainstat / max(mainstat) OVER (), 1) AS thickness
          FROM
          (
            ${HANDOFFS.trim()}
          )
          GROUP BY before, speaker
          ORDER BY mainstat DESC, id
          LIMIT 200`,
        'edges',
      ),
    ],
  });
}

function pairs() {
  return table({
    title: 'What does a handoff carry along?',
    description:
      'Handoffs with the input of the turn that follows. Much input is a whole conversation passed on: a summary would do. "Comes back" is how often the way back is gone as well; near 100 % is a loop.',
    width: 12,
    height: 11,
    columns: [
      { name: 'from_agent', header: 'From' },
      { name: 'to_agent', header: 'To' },
      { name: 'times', header: 'Times', unit: Unit.COUNT, width: 150, bar: { color: Color.COUNT } },
      { name: 'back', header: 'Comes back', unit: Unit.RATIO, decimals: 0, width: 110 },
      { name: 'input', header: 'Input / turn', unit: Unit.TOKENS, width: 110 },
      { name: 'turn_cost', header: 'Cost / turn', unit: Unit.USD, width: 110 },
    ],
    queries: [
      rows(sql`
        SELECT
          before AS from_agent,
          speaker AS to_agent,
          count() AS times,
          least(1, (sum(times) OVER (PARTITION BY least(before, speaker), greatest(before, speaker)) - times) / times) AS back,
          avg(handoff.input) AS input,
          avg(handoff.nano_usd) / 1e9 AS turn_cost
        FROM
        (
          ${HANDOFFS.trim()}
        ) AS handoff
        GROUP BY before, speaker
        ORDER BY times DESC, from_agent, to_agent
        LIMIT 50`),
    ],
  });
}
