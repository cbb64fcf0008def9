// What the panels look at, as SQL: finalized sessions of the workflow that ended in the time range.

import { chosen, ofTenant } from '../../query/selected.ts';
import { withUsualCost } from '../../query/usual-cost.ts';

const WORKFLOW = chosen('workflow');

/** After `FROM session_summaries AS summary FINAL`. Days are those of the begin; sessions of more than a week are left out. */
export const ENDED_IN_RANGE = `${ofTenant('summary')}
  AND summary.workflow = ${WORKFLOW}
  AND summary.day BETWEEN toDate($__fromTime, 'UTC') - 7 AND toDate($__toTime, 'UTC')
  AND $__timeFilter(summary.ended_at)`;

/** For a WITH clause: what a session of the workflow usually costs is `usual_cost`, in nano-USD. */
export const USUAL: string = withUsualCost({ workflow: WORKFLOW });

/** Seconds between points of lines: some dozens of sessions each, where there are many. */
export const STEP_SECONDS = 'greatest(3600, 12 * $__interval_s)';

/**
 * Turns of those sessions one by one, for `FROM (…) AS turn`: session, place in the session, speaker and what it took. Response times that
 * nobody saw begin are -1.
 */
export const TURNS = `
  SELECT
    summary.session_id AS session_id,
    summary.turn_speaker AS speakers,
    speaker,
    place,
    response_us,
    input_tokens,
    output_tokens,
    cost_nano_usd
  FROM session_summaries AS summary FINAL
  ARRAY JOIN
    summary.turn_speaker AS speaker,
    arrayEnumerate(summary.turn_speaker) AS place,
    summary.turn_response_us AS response_us,
    summary.turn_input_tokens AS input_tokens,
    summary.turn_output_tokens AS output_tokens,
    summary.turn_cost_nano_usd AS cost_nano_usd
  WHERE ${ENDED_IN_RANGE.replaceAll('\n', '\n  ')}
`;
