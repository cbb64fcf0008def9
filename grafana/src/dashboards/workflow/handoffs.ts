// Who speaks after whom.

import type { Row } from '../../dashboard.ts';
import { nodeGraph } from '../../panel/node-graph.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, Unit } from '../../style.ts';
import { TURNS } from './in-range.ts';

export function handoffs(): Row {
  return { title: 'How do they work together?', panels: [graph(), pairs()] };
}

/** Changes of speaker, for `FROM (…)`: who spoke, who spoke next, and what the next turn was sent. */
const CHANGES = sql`
  SELECT
    turn.session_id AS session_id,
    turn.speakers[turn.place - 1] AS giver,
    turn.speaker AS taker,
    turn.input_tokens AS carried
  FROM
  (${TURNS}) AS turn
  WHERE turn.place > 1
    AND giver != taker
    AND giver != ''
    AND taker != ''
`;

function graph() {
  return nodeGraph({
    title: 'Who passes on to whom?',
    description:
      'Agents with their turns and mean response time; the ring is their share of the time. Arrows are changes of speaker. Two agents with many arrows in both directions play ping-pong: give one of them the last word.',
    width: 14,
    height: 9,
    nodeUnit: Unit.COUNT,
    nodeSecondUnit: Unit.SECONDS,
    edgeUnit: Unit.COUNT,
    arcs: { arc__time: Color.TIME, arc__rest: Color.COUNT },
    queries: [
      rows(
        sql`
          SELECT
            turn.speaker AS id,
            turn.speaker AS title,
            count() AS mainstat,
            avgIf(turn.response_us, turn.response_us >= 0) / 1e6 AS secondarystat,
            ifNull(sumIf(turn.response_us, turn.response_us > 0) / nullIf(sum(sumIf(turn.response_us, turn.response_us > 0)) OVER (), 0), 0) AS arc__time,
            1 - arc__time AS arc__rest
          FROM
          (${TURNS}) AS turn
          WHERE turn.speaker != ''
          GROUP BY turn.speaker
          ORDER BY mainstat DESC
          LIMIT 40`,
        'nodes',
      ),
      rows(
        sql`
          SELECT
            concat(giver, ' → ', taker) AS id,
            giver AS source,
            taker AS target,
            count() AS mainstat,
            1 + 5 * count() / max(count()) OVER () AS thickness
          FROM
          (${CHANGES})
          GROUP BY giver, taker
          ORDER BY mainstat DESC
          LIMIT 120`,
        'edges',
      ),
    ],
  });
}

function pairs() {
  return table({
    title: 'Which changes of speaker come most often?',
    description:
      'How often one agent spoke after another, in how many of the sessions, and how many prompt tokens the next one was sent. Carried tokens that grow with each handoff: pass on a summary instead of all that was said.',
    width: 10,
    height: 9,
    noValue: 'no changes of speaker',
    columns: [
      { name: 'From' },
      { name: 'To' },
      { name: 'Times', unit: Unit.NONE, width: 80 },
      { name: 'In sessions', unit: Unit.NONE, width: 95 },
      { name: 'Carried tokens', unit: Unit.TOKENS, width: 120 },
    ],
    queries: [
      rows(sql`
        SELECT
          giver AS "From",
          taker AS "To",
          count() AS "Times",
          uniqExact(session_id) AS "In sessions",
          avg(carried) AS "Carried tokens"
        FROM
        (${CHANGES})
        GROUP BY giver, taker
        ORDER BY "Times" DESC
        LIMIT 20`),
    ],
  });
}
