-- Sums per session: lists of sessions, one session, figures of a session that runs. The workflow is in the key because what has no
-- session is shown by workflow, and because a session whose workflow became known late has a row of zeros for the one before; so it is
-- with its version, of which a session has one in nearly all cases.
-- The day of arrival is in the key so that what came lately is found without reading other days; a part has only one.
-- The times are bounds and no sums: a reversal does not take them back.
ALTER TABLE entries {cluster} ADD PROJECTION IF NOT EXISTS session_sums
(
  SELECT
    tenant,
    session_id,
    ingest_day,
    workflow,
    workflow_version,
    sum(sign),
    sum(sign * inferences),
    sum(sign * turns),
    sum(sign * tool_calls),
    sum(sign * handoffs),
    sum(sign * errors),
    sum(sign * input_tokens),
    sum(sign * output_tokens),
    sum(sign * cache_read_tokens),
    sum(sign * cache_write_tokens),
    sum(sign * cache_write_1h_tokens),
    sum(sign * reasoning_tokens),
    sum(sign * input_audio_tokens),
    sum(sign * output_audio_tokens),
    sum(sign * input_image_tokens),
    sum(sign * output_image_tokens),
    sum(sign * excluded_input_tokens),
    sum(sign * excluded_output_tokens),
    sum(sign * response_time_us),
    sum(sign * human_wait_us),
    sum(sign * cost_nano_usd),
    sum(sign * other_cost_nano_usd),
    sum(sign * unpriced_tokens),
    sum(sign * (usage_source = 'estimated')),
    sum(sign * (usage_source = 'missing')),
    sum(sign * (cost_status = 'estimated')),
    sum(sign * (cost_status = 'partial')),
    sum(sign * (cost_status = 'unpriced')),
    min(started_at),
    max(ended_at),
    max(ingest_time)
  GROUP BY
    tenant,
    session_id,
    ingest_day,
    workflow,
    workflow_version
)
