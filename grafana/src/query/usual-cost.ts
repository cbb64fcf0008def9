// What a session of a workflow usually costs, computed from the ledger by the same rules as in @turnmeter/budget, so that panels show the
// figure that the product judges by: Huber's mean of the latest finalized sessions whose whole cost is known (robust-mean.ts there), of the
// same version once there are ten of it (expected-cost.ts).
//
// What a policy declares is not in ClickHouse and not in here; it matters while a workflow has fewer than ten sessions.

import { ofTenant } from './selected.ts';
import { sql } from './sql.ts';

export interface UsualCostOptions {
  /** SQL for the workflow's name, without columns of the query. */
  readonly workflow: string;
  /** The same for its version, where that matters. */
  readonly version?: string;
  /** SQL for a session that is compared, and hence not counted. */
  readonly except?: string;
}

/** As many sessions as the service keeps of a workflow (SESSIONS_MAX of its baselines.ts). */
const LATEST = 1000;
/** More than enough for all digits that are shown: each step halves the error at least. */
const STEPS = 30;
/** From so many sessions on, those of a version decide alone (SESSIONS_FULL of expected-cost.ts). */
const SESSIONS_FULL = 10;

/** An expression for a WITH clause: `usual_cost`, in nano-USD, 0 where nobody knows. */
export function withUsualCost({ workflow, version, except }: UsualCostOptions): string {
  const own = `arrayFilter(session -> session.2 != '' AND session.2 = ${version}, sessions).1`;
  // Each step is a query of its own, so that nothing is computed twice.
  return sql`
    (
      SELECT ${version === undefined ? 'any(mean)' : OWN_BEFORE_ALL}
      FROM
      (
        SELECT
          is_own,
          length(costs) AS n,
          ifNotFinite(${HUBER_MEAN}, 0) AS mean
        FROM
        (
          SELECT
            is_own,
            costs,
            middle,
            2 * if(deviation > 0, 1.4826 * deviation, 1.2533 * arrayAvg(deviations)) AS reach
          FROM
          (
            SELECT is_own, costs, middle, deviations, arrayReduce('median', deviations) AS deviation
            FROM
            (
              SELECT is_own, costs, arrayReduce('median', costs) AS middle, arrayMap(cost -> abs(cost - middle), costs) AS deviations
              FROM (${latestSessions(workflow, except)})
              ARRAY JOIN
                ${version === undefined ? '[sessions.1]' : `[sessions.1, ${own}]`} AS costs,
                ${version === undefined ? '[false]' : '[false, true]'} AS is_own
            )
          )
        )
      )
    ) AS usual_cost`.trim();
}

/** Values further than two scales from the middle count as two scales away. */
const HUBER_MEAN = `arrayFold(
  (mean, step) -> arrayAvg(arrayMap(cost -> least(greatest(cost, mean - reach), mean + reach), costs)),
  range(${STEPS}),
  middle
)`;

/** Those of the version count a tenth each up to all of it; the rest are those of all versions. */
const OWN_BEFORE_ALL = `sumIf(mean * least(n / ${SESSIONS_FULL}, 1), is_own)
  + sumIf(mean, NOT is_own) * (1 - least(sumIf(n, is_own) / ${SESSIONS_FULL}, 1))`;

/** One row: costs and versions of the latest sessions. */
function latestSessions(workflow: string, except: string | undefined): string {
  return sql`
    SELECT groupArray((toFloat64(latest.cost), latest.version)) AS sessions
    FROM
    (
      SELECT summary.cost_nano_usd AS cost, summary.workflow_version AS version
      FROM session_summaries AS summary FINAL
      WHERE ${ofTenant('summary')}
        AND summary.workflow = ${workflow}
        AND summary.cost_status NOT IN ('partial', 'unpriced')${except === undefined ? '' : `\n    AND summary.session_id != ${except}`}
      ORDER BY summary.day DESC, summary.began_at DESC
      LIMIT ${LATEST}
    ) AS latest
  `;
}
