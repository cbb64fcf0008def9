-- Figures of each workflow in five minutes, by when things ended. Read from the projection workflow_5min_sums.
CREATE VIEW IF NOT EXISTS workflow_5min_totals {cluster} AS
SELECT
  entries.tenant AS tenant,
  entries.workflow AS workflow,
  toStartOfFiveMinutes(entries.ended_at) AS time,
  sum(entries.sign) AS standing_entries,
  sum(entries.sign * entries.inferences) AS inferences,
  sum(entries.sign * entries.turns) AS turns,
  sum(entries.sign * entries.tool_calls) AS tool_calls,
  sum(entries.sign * entries.handoffs) AS handoffs,
  sum(entries.sign * entries.errors) AS errors,
  sum(entries.sign * entries.input_tokens) AS input_tokens,
  sum(entries.sign * entries.output_tokens) AS output_tokens,
  sum(entries.sign * entries.cache_read_tokens) AS cache_read_tokens,
  sum(entries.sign * entries.cache_write_tokens) AS cache_write_tokens,
  sum(entries.sign * entries.cache_write_1h_tokens) AS cache_write_1h_tokens,
  sum(entries.sign * entries.reasoning_tokens) AS reasoning_tokens,
  sum(entries.sign * entries.input_audio_tokens) AS input_audio_tokens,
  sum(entries.sign * entries.output_audio_tokens) AS output_audio_tokens,
  sum(entries.sign * entries.input_image_tokens) AS input_image_tokens,
  sum(entries.sign * entries.output_image_tokens) AS output_image_tokens,
  sum(entries.sign * entries.excluded_input_tokens) AS excluded_input_tokens,
  sum(entries.sign * entries.excluded_output_tokens) AS excluded_output_tokens,
  sum(entries.sign * entries.response_time_us) AS response_time_us,
  sum(entries.sign * entries.human_wait_us) AS human_wait_us,
  sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd,
  sum(entries.sign * entries.other_cost_nano_usd) AS other_cost_nano_usd,
  sum(entries.sign * entries.unpriced_tokens) AS unpriced_tokens,
  sum(entries.sign * (entries.usage_source = 'estimated')) AS estimated_usages,
  sum(entries.sign * (entries.usage_source = 'missing')) AS missing_usages,
  sum(entries.sign * (entries.cost_status = 'estimated')) AS estimated_costs,
  sum(entries.sign * (entries.cost_status = 'partial')) AS partial_costs,
  sum(entries.sign * (entries.cost_status = 'unpriced')) AS unpriced_costs
FROM entries
GROUP BY
  entries.tenant,
  entries.workflow,
  toStartOfFiveMinutes(entries.ended_at)
