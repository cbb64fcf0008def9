-- Turns of one agent in all finalized sessions of a workflow. Each computation writes all agents of the workflow under its new revision, and
-- a line without agent as its sign: rows of older revisions do not stand. Kept for ever, a row a workflow and agent.
CREATE TABLE IF NOT EXISTS workflow_agent_averages {cluster}
(
  tenant                     LowCardinality(String) COMMENT 'Who is accounted for',
  workflow                   LowCardinality(String) COMMENT 'Kind of session',
  agent                      String COMMENT 'Agent; empty for turns of nobody in particular, and there when there is none',
  revision                   UInt64 COMMENT 'How often the workflow was computed; rows of the highest stand',
  version                    UInt64 COMMENT 'Highest version among its days',
  checksum                   UInt64 COMMENT 'Of its days: tells whether there is anything to compute',
  turns                      UInt64 COMMENT 'Turns',
  timed_turns                UInt64 COMMENT 'Turns whose response time is known',
  response_us_sum            Int64 COMMENT 'Response times, microseconds: sum',
  response_us_squares        Int128 COMMENT 'Response times, microseconds: sum of squares',
  response_us_min            Int64 COMMENT 'Response times, microseconds: shortest; the largest number if there is none',
  response_us_max            Int64 COMMENT 'Response times, microseconds: longest',
  response_us_quantiles      Array(Float64) COMMENT 'Response times, microseconds: p50, p95, p99',
  sessions                   UInt64 COMMENT 'Sessions with a turn of the agent',
  inferences                 Int64 COMMENT 'Model calls in its turns',
  input_tokens               Int64 COMMENT 'Prompt tokens of its turns',
  output_tokens              Int64 COMMENT 'Answer tokens of its turns',
  cost_nano_usd              Int64 COMMENT 'Cost of its turns, billionths of a US dollar'
)
ENGINE = {replicated}ReplacingMergeTree(revision)
ORDER BY (tenant, workflow, agent)
SETTINGS
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1,
  min_compressed_bytes_to_fsync_after_merge = 1
COMMENT 'Turns in finalized sessions by workflow and agent'
