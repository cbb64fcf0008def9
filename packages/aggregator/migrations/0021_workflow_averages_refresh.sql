-- Adds up the days of the workflows that have news; see workflow_days_refresh.
CREATE MATERIALIZED VIEW IF NOT EXISTS workflow_averages_refresh {cluster}
REFRESH EVERY 5 SECOND DEPENDS ON workflow_days_refresh APPEND TO workflow_averages
AS
WITH touched AS
(
  SELECT DISTINCT
    tenant,
    workflow
  FROM workflow_days
  WHERE version > (SELECT max(version) FROM workflow_averages) - 60000000
)
SELECT
  found.tenant AS tenant,
  found.workflow AS workflow,
  known.revision + 1 AS revision,
  found.version AS version,
  found.checksum AS checksum,
  now64(3) AS computed_at,
  found.sessions AS sessions,
  found.underpriced AS underpriced,
  found.last_finalized_at AS last_finalized_at,
  found.duration_us_sum AS duration_us_sum,
  found.duration_us_squares AS duration_us_squares,
  found.duration_us_quantiles AS duration_us_quantiles,
  found.cost_nano_usd_sum AS cost_nano_usd_sum,
  found.cost_nano_usd_squares AS cost_nano_usd_squares,
  found.cost_nano_usd_quantiles AS cost_nano_usd_quantiles,
  found.tokens_sum AS tokens_sum,
  found.tokens_squares AS tokens_squares,
  found.tokens_quantiles AS tokens_quantiles,
  found.turns_sum AS turns_sum,
  found.turns_squares AS turns_squares,
  found.turns_quantiles AS turns_quantiles,
  found.agents_sum AS agents_sum,
  found.agents_squares AS agents_squares,
  found.agents_quantiles AS agents_quantiles
FROM
(
  SELECT
    tenant,
    workflow,
    max(day_version) AS version,
    groupBitXor(cityHash64(day, day_checksum)) AS checksum,
    sum(day_sessions) AS sessions,
    sum(day_underpriced) AS underpriced,
    max(day_last_finalized_at) AS last_finalized_at,
    sum(day_duration_us_sum) AS duration_us_sum,
    sum(day_duration_us_squares) AS duration_us_squares,
    quantilesDeterministicMerge(0.5, 0.95, 0.99)(day_duration_us_quantiles) AS duration_us_quantiles,
    sum(day_cost_nano_usd_sum) AS cost_nano_usd_sum,
    sum(day_cost_nano_usd_squares) AS cost_nano_usd_squares,
    quantilesDeterministicMerge(0.5, 0.95, 0.99)(day_cost_nano_usd_quantiles) AS cost_nano_usd_quantiles,
    sum(day_tokens_sum) AS tokens_sum,
    sum(day_tokens_squares) AS tokens_squares,
    quantilesDeterministicMerge(0.5, 0.95, 0.99)(day_tokens_quantiles) AS tokens_quantiles,
    sum(day_turns_sum) AS turns_sum,
    sum(day_turns_squares) AS turns_squares,
    quantilesDeterministicMerge(0.5, 0.95, 0.99)(day_turns_quantiles) AS turns_quantiles,
    sum(day_agents_sum) AS agents_sum,
    sum(day_agents_squares) AS agents_squares,
    quantilesDeterministicMerge(0.5, 0.95, 0.99)(day_agents_quantiles) AS agents_quantiles
  FROM
  (
    SELECT
      days.tenant AS tenant,
      days.workflow AS workflow,
      days.day AS day,
      argMax(days.version, days.revision) AS day_version,
      argMax(days.checksum, days.revision) AS day_checksum,
      argMax(days.sessions, days.revision) AS day_sessions,
      argMax(days.underpriced, days.revision) AS day_underpriced,
      argMax(days.last_finalized_at, days.revision) AS day_last_finalized_at,
      argMax(days.duration_us_sum, days.revision) AS day_duration_us_sum,
      argMax(days.duration_us_squares, days.revision) AS day_duration_us_squares,
      argMax(days.duration_us_quantiles, days.revision) AS day_duration_us_quantiles,
      argMax(days.cost_nano_usd_sum, days.revision) AS day_cost_nano_usd_sum,
      argMax(days.cost_nano_usd_squares, days.revision) AS day_cost_nano_usd_squares,
      argMax(days.cost_nano_usd_quantiles, days.revision) AS day_cost_nano_usd_quantiles,
      argMax(days.tokens_sum, days.revision) AS day_tokens_sum,
      argMax(days.tokens_squares, days.revision) AS day_tokens_squares,
      argMax(days.tokens_quantiles, days.revision) AS day_tokens_quantiles,
      argMax(days.turns_sum, days.revision) AS day_turns_sum,
      argMax(days.turns_squares, days.revision) AS day_turns_squares,
      argMax(days.turns_quantiles, days.revision) AS day_turns_quantiles,
      argMax(days.agents_sum, days.revision) AS day_agents_sum,
      argMax(days.agents_squares, days.revision) AS day_agents_squares,
      argMax(days.agents_quantiles, days.revision) AS day_agents_quantiles
    FROM workflow_days AS days
    WHERE (days.tenant, days.workflow) IN (SELECT tenant, workflow FROM touched)
    GROUP BY
      days.tenant,
      days.workflow,
      days.day
  )
  GROUP BY
    tenant,
    workflow
) AS found
LEFT JOIN
(
  SELECT
    averages.tenant AS tenant,
    averages.workflow AS workflow,
    max(averages.revision) AS revision,
    argMax(averages.checksum, averages.revision) AS checksum
  FROM workflow_averages AS averages
  WHERE (averages.tenant, averages.workflow) IN (SELECT tenant, workflow FROM touched)
  GROUP BY
    averages.tenant,
    averages.workflow
) AS known USING (tenant, workflow)
WHERE known.revision = 0 OR known.checksum != found.checksum
