-- Computes the turns of the days whose summaries have news; see workflow_days_refresh.
CREATE MATERIALIZED VIEW IF NOT EXISTS workflow_agent_days_refresh {cluster}
REFRESH EVERY 5 SECOND APPEND TO workflow_agent_days
AS
WITH touched AS
(
  SELECT DISTINCT
    tenant,
    workflow,
    day
  FROM session_summaries
  WHERE version > (SELECT max(version) FROM workflow_agent_days) - 60000000
)
SELECT
  found.tenant AS tenant,
  found.workflow AS workflow,
  found.day AS day,
  found.agent AS agent,
  known.revision + 1 AS revision,
  found.day_version AS version,
  found.day_checksum AS checksum,
  found.turns AS turns,
  found.timed_turns AS timed_turns,
  found.response_us_sum AS response_us_sum,
  found.response_us_squares AS response_us_squares,
  found.response_us_min AS response_us_min,
  found.response_us_max AS response_us_max,
  found.response_us_quantiles AS response_us_quantiles,
  found.sessions AS sessions,
  found.inferences AS inferences,
  found.input_tokens AS input_tokens,
  found.output_tokens AS output_tokens,
  found.cost_nano_usd AS cost_nano_usd
FROM
(
  SELECT
    tenant,
    workflow,
    day,
    agent,
    max(max(latest_version)) OVER (PARTITION BY tenant, workflow, day) AS day_version,
    groupBitXor(groupBitXorIf(cityHash64(session_id, latest_version), NOT is_turn AND NOT is_deleted))
      OVER (PARTITION BY tenant, workflow, day) AS day_checksum,
    countIf(is_turn) AS turns,
    countIf(is_timed) AS timed_turns,
    sumIf(response_us, is_timed) AS response_us_sum,
    sumIf(toInt128(response_us) * response_us, is_timed) AS response_us_squares,
    min(if(is_timed, response_us, 9223372036854775807)) AS response_us_min,
    maxIf(response_us, is_timed) AS response_us_max,
    quantilesDeterministicStateIf(0.5, 0.95, 0.99)(response_us, cityHash64(session_id, place), is_timed) AS response_us_quantiles,
    uniqExactIf(session_id, is_turn) AS sessions,
    sumIf(turn_inferences, is_turn) AS inferences,
    sumIf(turn_input_tokens, is_turn) AS input_tokens,
    sumIf(turn_output_tokens, is_turn) AS output_tokens,
    sumIf(turn_cost_nano_usd, is_turn) AS cost_nano_usd
  FROM
  (
    SELECT
      summary.tenant AS tenant,
      summary.workflow AS workflow,
      summary.day AS day,
      summary.session_id AS session_id,
      max(summary.version) AS latest_version,
      argMax(summary.is_deleted, summary.version) AS is_deleted,
      argMax(summary.turn_speaker, summary.version) AS speakers,
      argMax(summary.turn_response_us, summary.version) AS responses,
      argMax(summary.turn_inferences, summary.version) AS inference_counts,
      argMax(summary.turn_input_tokens, summary.version) AS inputs,
      argMax(summary.turn_output_tokens, summary.version) AS outputs,
      argMax(summary.turn_cost_nano_usd, summary.version) AS costs
    FROM session_summaries AS summary
    WHERE (summary.tenant, summary.workflow, summary.day) IN (SELECT tenant, workflow, day FROM touched)
    GROUP BY
      summary.tenant,
      summary.workflow,
      summary.day,
      summary.session_id
  )
  ARRAY JOIN
    arrayPushBack(speakers, '') AS agent,
    arrayPushBack(responses, 0) AS response_us,
    arrayPushBack(inference_counts, 0) AS turn_inferences,
    arrayPushBack(inputs, 0) AS turn_input_tokens,
    arrayPushBack(outputs, 0) AS turn_output_tokens,
    arrayPushBack(costs, 0) AS turn_cost_nano_usd,
    arrayPushBack(arrayMap(speaker -> NOT is_deleted, speakers), 0) AS is_turn,
    arrayPushBack(arrayMap(us -> NOT is_deleted AND us >= 0, responses), 0) AS is_timed,
    arrayEnumerate(arrayPushBack(speakers, '')) AS place
  GROUP BY
    tenant,
    workflow,
    day,
    agent
) AS found
LEFT JOIN
(
  SELECT
    days.tenant AS tenant,
    days.workflow AS workflow,
    days.day AS day,
    max(days.revision) AS revision,
    argMax(days.checksum, days.revision) AS checksum
  FROM workflow_agent_days AS days
  WHERE (days.tenant, days.workflow, days.day) IN (SELECT tenant, workflow, day FROM touched)
  GROUP BY
    days.tenant,
    days.workflow,
    days.day
) AS known USING (tenant, workflow, day)
WHERE known.revision = 0 OR known.checksum != found.day_checksum
