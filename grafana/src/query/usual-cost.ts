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

/** Expressions for a WITH clause; `usual_cost` is the figure in nano-USD, 0 where nobody knows. */
export function withUsualCost({ workflow, version, except }: UsualCostOptions): string {
  const latest = sql`
    (
      SELECT groupArray((toFloat64(latest.cost), latest.version))
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
    ) AS latest_sessions`.trim();
  if (version === undefined)
    return [latest, costs('usual', 'latest_sessions.1'), `usual_mean AS usual_cost`].join(',\n');
  const own = `arrayFilter(session -> session.2 != '' AND session.2 = ${version}, latest_sessions).1`;
  return [
    latest,
    costs('all', 'latest_sessions.1'),
    costs('own', own),
    `least(length(own_costs) / ${SESSIONS_FULL}, 1) AS own_weight`,
    'own_weight * own_mean + (1 - own_weight) * all_mean AS usual_cost',
  ].join(',\n');
}

/** Huber's mean of an array as `<name>_mean`, 0 of none: values further than two scales from the middle count as two scales away. */
function costs(name: string, array: string): string {
  return `${array} AS ${name}_costs,
arrayReduce('median', ${name}_costs) AS ${name}_median,
arrayMap(cost -> abs(cost - ${name}_median), ${name}_costs) AS ${name}_deviations,
arrayReduce('median', ${name}_deviations) AS ${name}_deviation,
2 * if(${name}_deviation > 0, 1.4826 * ${name}_deviation, 1.2533 * arrayAvg(${name}_deviations)) AS ${name}_reach,
ifNotFinite(
  arrayFold(
    (mean, step) -> arrayAvg(arrayMap(cost -> least(greatest(cost, mean - ${name}_reach), mean + ${name}_reach), ${name}_costs)),
    range(${STEPS}),
    ${name}_median
  ),
  0
) AS ${name}_mean`;
}
