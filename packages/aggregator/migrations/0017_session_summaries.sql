-- Figures of sessions that are over: written when one is finalized, and again when later entries changed it (a higher version). What is
-- no sum over `entries` is kept here: durations, turns in order, who took part.
--
-- Sorted by what averages are made of, a day of a workflow, so that a day is read as a range. A session that moves to another workflow
-- or day is written there and taken back here in one INSERT, hence no partitions: one INSERT must be one part. Rows are long and are
-- looked up one by one, hence small granules and blocks.
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
  workflow_version           LowCardinality(String) COMMENT 'Version of the workflow, the latest if there were several, empty if none is known',
  user_id                    String COMMENT 'User' CODEC(ZSTD(1)),
  began_at                   DateTime64(6, 'UTC') COMMENT 'Start of the first entry' CODEC(Delta, ZSTD(1)),
  ended_at                   DateTime64(6, 'UTC') COMMENT 'End of the last entry' CODEC(Delta, ZSTD(1)),
  duration_us                Int64 COMMENT 'From begin to end, microseconds',
  active_us                  Int64 COMMENT 'Time in which something ran, without waiting for people, microseconds',
  human_wait_us              Int64 COMMENT 'Time people took, microseconds',
  agents                     Array(LowCardinality(String)) COMMENT 'Agents that took part, by name',
  agent_count                Int64 COMMENT 'How many agents took part',
  records                    Int64 COMMENT 'Standing entries',
  turns                      Int64 COMMENT 'Turns',
  errors                     Int64 COMMENT 'Failures of calls and tools',
  tokens                     Int64 COMMENT 'Prompt and answer tokens',
  cost_nano_usd              Int64 COMMENT 'Whole cost, billionths of a US dollar',
  cost_status                LowCardinality(String) COMMENT 'exact, estimated, partial or unpriced: the weakest of its parts',
  models                     Array(String) COMMENT 'Models that answered, by name',
  turn_speaker               Array(String) COMMENT 'Turns in order: agent, empty if nobody named it',
  turn_response_us           Array(Int64) COMMENT 'Turns in order: time without people and nested agents, microseconds',
  turn_inferences            Array(Int64) COMMENT 'Turns in order: model calls',
  turn_input_tokens          Array(Int64) COMMENT 'Turns in order: prompt tokens',
  turn_output_tokens         Array(Int64) COMMENT 'Turns in order: answer tokens',
  turn_cost_nano_usd         Array(Int64) COMMENT 'Turns in order: cost, billionths of a US dollar',
  document                   String COMMENT 'All figures as JSON, for answers; the other columns are for queries' CODEC(ZSTD(1)),

  INDEX session_ids session_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX version_range version TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant, workflow, day, session_id)
TTL day + INTERVAL 1825 DAY
SETTINGS
  index_granularity = 64,
  min_compress_block_size = 16384,
  max_compress_block_size = 65536,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1,
  min_compressed_bytes_to_fsync_after_merge = 1
COMMENT 'Figures of finalized sessions'
