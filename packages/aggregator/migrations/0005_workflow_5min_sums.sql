-- Sums per workflow and five minutes: cost and use over time.
ALTER TABLE entries {cluster} ADD PROJECTION IF NOT EXISTS workflow_5min_sums
(
  SELECT
    tenant,
    workflow,
    toStartOfFiveMinutes(ended_at),
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
    sum(sign * turns * has(notes, 'untimed_turn')),
    sum(sign * response_time_us),
    sum(sign * human_wait_us),
    sum(sign * cost_nano_usd),
    sum(sign * other_cost_nano_usd),
    sum(sign * unpriced_tokens),
    sum(sign * (usage_source = 'estimated')),
    sum(sign * (usage_source = 'missing')),
    sum(sign * (cost_status = 'estimated')),
    sum(sign * (cost_status = 'partial')),
    sum(sign * (cost_status = 'unpriced'))
  GROUP BY
    tenant,
    workflow,
    toStartOfFiveMinutes(ended_at)
)
