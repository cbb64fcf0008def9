-- Adds up the days of the workflows whose turns have news; see workflow_days_refresh.
CREATE MATERIALIZED VIEW IF NOT EXISTS workflow_agent_averages_refresh {cluster}
REFRESH EVERY 5 SECOND DEPENDS ON workflow_agent_days_refresh APPEND TO workflow_agent_averages
AS
WITH touched AS
(
  SELECT DISTINCT
    tenant,
    workflow
  FROM workflow_agent_days
  WHERE version > (SELECT max(version) FROM workflow_agent_averages) - 60000000
)
SELECT
  found.tenant AS tenant,
  found.workflow AS workflow,
  found.agent AS agent,
  known.revision + 1 AS revision,
  found.workflow_version AS version,
  found.workflow_checksum AS checksum,
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
    agent,
    max(max(day_version)) OVER (PARTITION BY tenant, workflow) AS workflow_version,
    groupBitXor(groupBitXorIf(cityHash64(day, day_checksum), empty(agent))) OVER (PARTITION BY tenant, workflow) AS workflow_checksum,
    sum(day_turns) AS turns,
    sum(day_timed_turns) AS timed_turns,
    sum(day_response_us_sum) AS response_us_sum,
    sum(day_response_us_squares) AS response_us_squares,
    min(day_response_us_min) AS response_us_min,
    max(day_response_us_max) AS response_us_max,
    quantilesDeterministicMerge(0.5, 0.95, 0.99)(day_response_us_quantiles) AS response_us_quantiles,
    sum(day_sessions) AS sessions,
    sum(day_inferences) AS inferences,
    sum(day_input_tokens) AS input_tokens,
    sum(day_output_tokens) AS output_tokens,
    sum(day_cost_nano_usd) AS cost_nano_usd
  FROM
  (
    SELECT
      days.tenant AS tenant,
      days.workflow AS workflow,
      days.day AS day,
      days.agent AS agent,
      max(days.revision) AS agent_revision,
      max(max(days.revision)) OVER (PARTITION BY tenant, workflow, day) AS day_revision,
      argMax(days.version, days.revision) AS day_version,
      argMax(days.checksum, days.revision) AS day_checksum,
      argMax(days.turns, days.revision) AS day_turns,
      argMax(days.timed_turns, days.revision) AS day_timed_turns,
      argMax(days.response_us_sum, days.revision) AS day_response_us_sum,
      argMax(days.response_us_squares, days.revision) AS day_response_us_squares,
      argMax(days.response_us_min, days.revision) AS day_response_us_min,
      argMax(days.response_us_max, days.revision) AS day_response_us_max,
      argMax(days.response_us_quantiles, days.revision) AS day_response_us_quantiles,
      argMax(days.sessions, days.revision) AS day_sessions,
      argMax(days.inferences, days.revision) AS day_inferences,
      argMax(days.input_tokens, days.revision) AS day_input_tokens,
      argMax(days.output_tokens, days.revision) AS day_output_tokens,
      argMax(days.cost_nano_usd, days.revision) AS day_cost_nano_usd
    FROM workflow_agent_days AS days
    WHERE (days.tenant, days.workflow) IN (SELECT tenant, workflow FROM touched)
    GROUP BY
      days.tenant,
      days.workflow,
      days.day,
      days.agent
  )
  WHERE agent_revision = day_revision
  GROUP BY
    tenant,
    workflow,
    agent
) AS found
LEFT JOIN
(
  SELECT
    averages.tenant AS tenant,
    averages.workflow AS workflow,
    max(averages.revision) AS revision,
    argMax(averages.checksum, averages.revision) AS checksum
  FROM workflow_agent_averages AS averages
  WHERE (averages.tenant, averages.workflow) IN (SELECT tenant, workflow FROM touched)
  GROUP BY
    averages.tenant,
    averages.workflow
) AS known USING (tenant, workflow)
WHERE known.revision = 0 OR known.checksum != found.workflow_checksum
