// The numbers at the top: read in five seconds by whoever was just paged.

import type { Row } from '../../dashboard.ts';
import { stat } from '../../panel/stat.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { isAmong, ofTenants } from '../../query/selected.ts';
import { Color, Unit } from '../../style.ts';

/** Whose money, and for what. */
const CHOSEN = `${ofTenants('entries')} AND ${isAmong('entries.workflow', 'workflow')}`;

export const headline: Row = {
  panels: [
    stat({
      title: 'What was spent today?',
      description:
        'Exact sum of all costs since midnight UTC up to the end of the time range. Far above the days before: look at spend per hour below, and open the tenant that stands out.',
      unit: Unit.USD_EXACT,
      color: Color.COST,
      width: 4,
      height: 4,
      queries: [
        rows(`
          SELECT sum(entries.sign * entries.cost_nano_usd) / 1e9 AS spent
          FROM entries
          WHERE ${CHOSEN}
            AND toDate(entries.ended_at) = toDate($__toTime)`),
      ],
    }),
  ],
};
