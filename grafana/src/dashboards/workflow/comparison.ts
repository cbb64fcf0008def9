// This period beside all that was, and versions beside one another.

import type { Row } from '../../dashboard.ts';
import { barGauge } from '../../panel/bar-gauge.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { chosen, ofTenant } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { besideUsual, Unit } from '../../style.ts';
import { ENDED_IN_RANGE } from './in-range.ts';
import { versions } from './versions.ts';

export function comparison(): Row {
  return { title: 'What has changed?', panels: [besideEver(), versions()] };
}

/** What there is of a session: its name, its column among the sessions, and its sum among the averages. */
const FIGURES = [
  ['Cost', 'cost_nano_usd', 'cost_nano_usd_sum'],
  ['Tokens', 'tokens', 'tokens_sum'],
  ['Duration', 'duration_us', 'duration_us_sum'],
  ['Turns', 'turns', 'turns_sum'],
  ['Agents', 'agent_count', 'agents_sum'],
] as const;

function besideEver() {
  return barGauge({
    title: 'Are sessions like they always were?',
    description:
      'Means of the time range over the learned averages of all finalized sessions: 100 % is as ever. Cost without tokens: a dearer model, or fewer cached tokens. Turns: a conversation that goes round in circles, see the handoffs.',
    unit: Unit.RATIO,
    decimals: 0,
    steps: besideUsual,
    max: 2,
    width: 8,
    height: 7,
    noValue: 'no sessions',
    queries: [
      rows(sql`
        WITH
          (
            SELECT tuple(${FIGURES.map(([, , sum]) => `average.${sum} / average.sessions`).join(', ')})
            FROM workflow_averages AS average FINAL
            WHERE ${ofTenant('average')}
              AND average.workflow = ${chosen('workflow')}
          ) AS ever
        SELECT
          ${FIGURES.map(([name, column], at) => `avg(summary.${column}) / nullIf(ever.${at + 1}, 0) AS "${name}"`).join(',\n')}
        FROM session_summaries AS summary FINAL
        WHERE ${ENDED_IN_RANGE}`),
    ],
  });
}
