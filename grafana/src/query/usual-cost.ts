// What a session of a workflow usually costs, computed from the ledger by the same rules as in @turnmeter/budget, so that panels show the
// figure that the product judges by: Huber's mean of the latest finalized sessions whose whole cost is known (robust-mean.ts there).
//
// What a policy declares is not in ClickHouse and not in here; it matters while a workflow has fewer than ten sessions.

import { ofTenant } from './selected.ts';

/** As many sessions as the service keeps of a workflow (SESSIONS_MAX of its baselines.ts). */
const LATEST = 1000;
/** More than enough for all digits that are shown: each step halves the error at least. */
const STEPS = 30;

/**
 * Expressions for a WITH clause; `usual_cost` is the figure in nano-USD, 0 where nobody knows.
 *
 * @param workflow - SQL for the workflow's name, without columns of the query
 */
export function withUsualCost(workflow: string): string {
  return `(${latestCosts(workflow)}) AS latest_costs,
  ${huberMean('latest_costs', 'usual_cost')}`;
}

function latestCosts(workflow: string): string {
  return `
    SELECT groupArray(toFloat64(latest.cost_nano_usd))
    FROM
    (
      SELECT summary.cost_nano_usd AS cost_nano_usd
      FROM session_summaries AS summary FINAL
      WHERE ${ofTenant('summary')}
        AND summary.workflow = ${workflow}
        AND summary.cost_status NOT IN ('partial', 'unpriced')
      ORDER BY summary.day DESC, summary.began_at DESC
      LIMIT ${LATEST}
    ) AS latest
  `;
}

/** Huber's mean of an array, as `name`: values further than two scales from the middle count as two scales away. */
function huberMean(costs: string, name: string): string {
  return `arrayReduce('median', ${costs}) AS ${name}_median,
  arrayMap(cost -> abs(cost - ${name}_median), ${costs}) AS ${name}_deviations,
  arrayReduce('median', ${name}_deviations) AS ${name}_deviation,
  2 * if(${name}_deviation > 0, 1.4826 * ${name}_deviation, 1.2533 * arrayAvg(${name}_deviations)) AS ${name}_reach,
  ifNotFinite(
    arrayFold(
      (mean, step) -> arrayAvg(arrayMap(cost -> least(greatest(cost, mean - ${name}_reach), mean + ${name}_reach), ${costs})),
      range(${STEPS}),
      ${name}_median
    ),
    0
  ) AS ${name}`;
}
