-- Sessions of one workflow that began on one day, as sums and states: what averages are made of. A day is computed anew when a
-- session of it is finalized or amended, and never otherwise.
CREATE TABLE IF NOT EXISTS workflow_days {cluster}
(
  tenant                     LowCardinality(String) COMMENT 'Who is accounted for',
  workflow                   LowCardinality(String) COMMENT 'Kind of session',
  day                        Date COMMENT 'Day on which the sessions began, UTC',
  revision                   UInt64 COMMENT 'How often the day was computed; the highest stands',
  version                    UInt64 COMMENT 'Highest version among its summaries',
  checksum                   UInt64 COMMENT 'Of its sessions and their versions: tells whether there is anything to compute',
  sessions                   UInt64 COMMENT 'Finalized sessions',
  underpriced                UInt64 COMMENT 'Sessions whose cost is a lower bound',
  last_finalized_at          DateTime64(6, 'UTC') COMMENT 'When the last of them was finalized',
  duration_us_sum            Int64 COMMENT 'Session durations, microseconds: sum',
  duration_us_squares        Int128 COMMENT 'Session durations, microseconds: sum of squares',
  duration_us_quantiles      AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Session durations, microseconds: p50, p95, p99',
  cost_nano_usd_sum          Int64 COMMENT 'Session costs, billionths of a US dollar: sum',
  cost_nano_usd_squares      Int128 COMMENT 'Session costs, billionths of a US dollar: sum of squares',
  cost_nano_usd_quantiles    AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Session costs, billionths of a US dollar: p50, p95, p99',
  tokens_sum                 Int64 COMMENT 'Session tokens: sum',
  tokens_squares             Int128 COMMENT 'Session tokens: sum of squares',
  tokens_quantiles           AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Session tokens: p50, p95, p99',
  turns_sum                  Int64 COMMENT 'Turns of sessions: sum',
  turns_squares              Int128 COMMENT 'Turns of sessions: sum of squares',
  turns_quantiles            AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Turns of sessions: p50, p95, p99',
  agents_sum                 Int64 COMMENT 'Agents of sessions: sum',
  agents_squares             Int128 COMMENT 'Agents of sessions: sum of squares',
  agents_quantiles           AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Agents of sessions: p50, p95, p99'
)
ENGINE = {replicated}ReplacingMergeTree(revision)
ORDER BY (tenant, workflow, day)
TTL day + INTERVAL 1825 DAY
SETTINGS
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1,
  min_compressed_bytes_to_fsync_after_merge = 1
COMMENT 'Finalized sessions by workflow and day'
