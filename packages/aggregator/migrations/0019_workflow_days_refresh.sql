-- Computes the days whose summaries have news. News is what was written since the latest version that is in the days, and a minute
-- before it, for writers whose clocks differ; a day that comes out the same is not written again.
CREATE MATERIALIZED VIEW IF NOT EXISTS workflow_days_refresh {cluster}
REFRESH EVERY 5 SECOND APPEND TO workflow_days
AS
WITH touched AS
(
  SELECT DISTINCT
    tenant,
    workflow,
    day
  FROM session_summaries
  WHERE version > (SELECT max(version) FROM workflow_days) - 60000000
)
SELECT
  found.tenant AS tenant,
  found.workflow AS workflow,
  found.day AS day,
  known.revision + 1 AS revision,
  found.version AS version,
  found.checksum AS checksum,
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
    day,
    max(latest_version) AS version,
    groupBitXorIf(cityHash64(session_id, latest_version), NOT is_deleted) AS checksum,
    countIf(NOT is_deleted) AS sessions,
    countIf(NOT is_deleted AND cost_status IN ('partial', 'unpriced')) AS underpriced,
    maxIf(finalized_at, NOT is_deleted) AS last_finalized_at,
    sumIf(duration_us, NOT is_deleted) AS duration_us_sum,
    sumIf(toInt128(duration_us) * duration_us, NOT is_deleted) AS duration_us_squares,
    quantilesDeterministicStateIf(0.5, 0.95, 0.99)(duration_us, cityHash64(session_id), NOT is_deleted) AS duration_us_quantiles,
    sumIf(cost_nano_usd, NOT is_deleted) AS cost_nano_usd_sum,
    sumIf(toInt128(cost_nano_usd) * cost_nano_usd, NOT is_deleted) AS cost_nano_usd_squares,
    quantilesDeterministicStateIf(0.5, 0.95, 0.99)(cost_nano_usd, cityHash64(session_id), NOT is_deleted) AS cost_nano_usd_quantiles,
    sumIf(tokens, NOT is_deleted) AS tokens_sum,
    sumIf(toInt128(tokens) * tokens, NOT is_deleted) AS tokens_squares,
    quantilesDeterministicStateIf(0.5, 0.95, 0.99)(tokens, cityHash64(session_id), NOT is_deleted) AS tokens_quantiles,
    sumIf(turns, NOT is_deleted) AS turns_sum,
    sumIf(toInt128(turns) * turns, NOT is_deleted) AS turns_squares,
    quantilesDeterministicStateIf(0.5, 0.95, 0.99)(turns, cityHash64(session_id), NOT is_deleted) AS turns_quantiles,
    sumIf(agent_count, NOT is_deleted) AS agents_sum,
    sumIf(toInt128(agent_count) * agent_count, NOT is_deleted) AS agents_squares,
    quantilesDeterministicStateIf(0.5, 0.95, 0.99)(agent_count, cityHash64(session_id), NOT is_deleted) AS agents_quantiles
  FROM
  (
    SELECT
      summary.tenant AS tenant,
      summary.workflow AS workflow,
      summary.day AS day,
      summary.session_id AS session_id,
      max(summary.version) AS latest_version,
      argMax(summary.is_deleted, summary.version) AS is_deleted,
      argMax(summary.cost_status, summary.version) AS cost_status,
      argMax(summary.finalized_at, summary.version) AS finalized_at,
      argMax(summary.duration_us, summary.version) AS duration_us,
      argMax(summary.cost_nano_usd, summary.version) AS cost_nano_usd,
      argMax(summary.tokens, summary.version) AS tokens,
      argMax(summary.turns, summary.version) AS turns,
      argMax(summary.agent_count, summary.version) AS agent_count
    FROM session_summaries AS summary
    WHERE (summary.tenant, summary.workflow, summary.day) IN (SELECT tenant, workflow, day FROM touched)
    GROUP BY
      summary.tenant,
      summary.workflow,
      summary.day,
      summary.session_id
  )
  GROUP BY
    tenant,
    workflow,
    day
) AS found
LEFT JOIN
(
  SELECT
    days.tenant AS tenant,
    days.workflow AS workflow,
    days.day AS day,
    max(days.revision) AS revision,
    argMax(days.checksum, days.revision) AS checksum
  FROM workflow_days AS days
  WHERE (days.tenant, days.workflow, days.day) IN (SELECT tenant, workflow, day FROM touched)
  GROUP BY
    days.tenant,
    days.workflow,
    days.day
) AS known USING (tenant, workflow, day)
WHERE known.revision = 0 OR known.checksum != found.checksum
