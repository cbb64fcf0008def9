-- Figures of sessions that are over: written when one is finalized, and again when later entries changed it (a higher version). What is
-- no sum over `entries` is kept here: durations, turns in order, who took part.
--
-- Sorted by what averages are made of, a day of a workflow, so that a day is read as a range. A session that moves to another workflow
-- or day is written there and taken back here in one INSERT, hence no partitions: one INSERT must be one part.
CREATE TABLE IF NOT EXISTS session_summaries {cluster}
(
  tenant                     LowCardinality(String) COMMENT 'Who is accounted for',
  workflow                   LowCardinality(String) COMMENT 'Kind of session',
  day                        Date COMMENT 'Day on which the session began, UTC',
  session_id                 String COMMENT 'Session' CODEC(ZSTD(1)),
  version                    UInt64 COMMENT 'When it was written, microseconds since 1970, raised where the clock went back; the highest stands' CODEC(Delta, ZSTD(1)),
  is_deleted                 UInt8 COMMENT '1 takes the row back: the session is now in another workflow or day',
  finalized_at               DateTime64(6, 'UTC') COMMENT 'When the session was finalized first' CODEC(Delta, ZSTD(1)),
  finalized_because          LowCardinality(String) COMMENT 'request or idle',
  amendments                 UInt32 COMMENT 'How often later entries changed it since',
  last_booked_at             DateTime64(6, 'UTC') COMMENT 'Latest booking that is in these figures' CODEC(Delta, ZSTD(1)),
  user_id                    String COMMENT 'User' CODEC(ZSTD(1)),
  began_at                   DateTime64(6, 'UTC') COMMENT 'Start of the first entry' CODEC(Delta, ZSTD(1)),
  ended_at                   DateTime64(6, 'UTC') COMMENT 'End of the last entry' CODEC(Delta, ZSTD(1)),
  duration_us                Int64 COMMENT 'From begin to end, microseconds',
  active_us                  Int64 COMMENT 'Time in which something ran, without waiting for people, microseconds',
  human_wait_us              Int64 COMMENT 'Time people took, microseconds',
  agents                     Array(LowCardinality(String)) COMMENT 'Agents that took part, by name',
  agent_count                Int64 COMMENT 'How many agents took part',
  turns                      Int64 COMMENT 'Turns',
  tokens                     Int64 COMMENT 'Prompt and answer tokens',
  cost_nano_usd              Int64 COMMENT 'Whole cost, billionths of a US dollar',
  cost_status                LowCardinality(String) COMMENT 'exact, estimated, partial or unpriced: the weakest of its parts',
  is_truncated               Bool COMMENT 'More records than are read for one session: turns and who took part are not known',
  line_facet                 Array(LowCardinality(String)) COMMENT 'Sums by line: what the line is by: all, agent, model, tool, usage_source, cost_status, claim, exclusion, note',
  line_name                  Array(String) COMMENT 'Sums by line: its agent, model, tool, ...',
  line_detail                Array(String) COMMENT 'Sums by line: provider of a model, signal and profile of an exclusion',
  line_records               Array(Int64) COMMENT 'Sums by line: standing entries',
  line_inferences            Array(Int64) COMMENT 'Sums by line: model calls',
  line_turns                 Array(Int64) COMMENT 'Sums by line: turns as booked, before those around a tool step are joined',
  line_tool_calls            Array(Int64) COMMENT 'Sums by line: tool calls',
  line_handoffs              Array(Int64) COMMENT 'Sums by line: handoffs',
  line_errors                Array(Int64) COMMENT 'Sums by line: failures',
  line_input_tokens          Array(Int64) COMMENT 'Sums by line: prompt tokens, cached ones included',
  line_output_tokens         Array(Int64) COMMENT 'Sums by line: answer tokens, reasoning included',
  line_cache_read_tokens     Array(Int64) COMMENT 'Sums by line: part of input_tokens read from a cache',
  line_cache_write_tokens    Array(Int64) COMMENT 'Sums by line: part of input_tokens written to a cache',
  line_cache_write_1h_tokens Array(Int64) COMMENT 'Sums by line: part of cache_write_tokens kept for an hour',
  line_reasoning_tokens      Array(Int64) COMMENT 'Sums by line: part of output_tokens',
  line_excluded_input_tokens Array(Int64) COMMENT 'Sums by line: prompt tokens not added because they are counted elsewhere, or never',
  line_excluded_output_tokens Array(Int64) COMMENT 'Sums by line: answer tokens not added because they are counted elsewhere, or never',
  line_response_time_us      Array(Int64) COMMENT 'Sums by line: time of booked turns, microseconds',
  line_human_wait_us         Array(Int64) COMMENT 'Sums by line: time people took, microseconds',
  line_cost_nano_usd         Array(Int64) COMMENT 'Sums by line: whole cost, billionths of a US dollar',
  line_other_cost_nano_usd   Array(Int64) COMMENT 'Sums by line: part of cost_nano_usd that is not tokens, billionths of a US dollar',
  line_unpriced_tokens       Array(Int64) COMMENT 'Sums by line: tokens without a price',
  line_claim_nano_usd        Array(Int64) COMMENT 'Sums by line: costs that others put on the records, billionths of a US dollar',
  line_time_us               Array(Int64) COMMENT 'Sums by line: from start to end, added up, microseconds: of tools',
  turn_speaker               Array(String) COMMENT 'Turns in order: agent, empty if nobody named it',
  turn_began_at              Array(DateTime64(6, 'UTC')) COMMENT 'Turns in order: start',
  turn_ended_at              Array(DateTime64(6, 'UTC')) COMMENT 'Turns in order: end',
  turn_response_us           Array(Int64) COMMENT 'Turns in order: time without people and nested agents, microseconds',
  turn_inferences            Array(Int64) COMMENT 'Turns in order: model calls',
  turn_tool_steps            Array(Int64) COMMENT 'Turns in order: tool calls between its parts',
  turn_input_tokens          Array(Int64) COMMENT 'Turns in order: prompt tokens',
  turn_output_tokens         Array(Int64) COMMENT 'Turns in order: answer tokens',
  turn_cost_nano_usd         Array(Int64) COMMENT 'Turns in order: cost, billionths of a US dollar',

  INDEX session_ids session_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX version_range version TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant, workflow, day, session_id)
TTL day + INTERVAL 1825 DAY
SETTINGS
  index_granularity = 1024,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1,
  min_compressed_bytes_to_fsync_after_merge = 1
COMMENT 'Figures of finalized sessions'
