-- Sums per hour, workflow, model and tool: what models and tools cost over time, how often they are called and fail.
ALTER TABLE entries {cluster} ADD PROJECTION IF NOT EXISTS hour_sums
(
  SELECT
    tenant,
    toStartOfHour(ended_at),
    workflow,
    model,
    tool,
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
    sum(sign * (cost_status = 'unpriced'))
  GROUP BY
    tenant,
    toStartOfHour(ended_at),
    workflow,
    model,
    tool
)
