// One session of the chosen tenant. It mostly comes with a link; the list has the latest ones.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type VariableModel, VariableRefresh } from '@grafana/grafana-foundation-sdk/dashboard';
import { ofTenant } from '../query/selected.ts';
import { choice } from './choice.ts';

export function session(): Builder<VariableModel> {
  return choice({
    name: 'session',
    label: 'Session',
    description: 'The session that is shown. The list has the latest ones; any other can be typed.',
    sql: `
      SELECT
        session.id AS id,
        concat(id, '  (', max(session.workflow), ')') AS text
      FROM
      (
        SELECT entries.session_id AS id, entries.workflow AS workflow, sum(entries.sign) AS standing, max(entries.ingest_time) AS latest
        FROM entries
        WHERE ${ofTenant('entries')}
          AND entries.ingest_day >= toDate($__fromTime, 'UTC')
          AND notEmpty(entries.session_id)
        GROUP BY entries.session_id, entries.workflow
      ) AS session
      GROUP BY session.id
      HAVING sum(session.standing) > 0
      ORDER BY max(session.latest) DESC
      LIMIT 200`,
    // Read again with each time range, the list would lose a session that is not among the latest, and Grafana would show another one.
    refresh: VariableRefresh.OnDashboardLoad,
  });
}
