-- Made by the test of migrations: vitest -u writes it anew.

CREATE TABLE turnmeter.entries
(
    `seg` UInt64 COMMENT 'Segment of the write-ahead log, by writer' CODEC(Delta(8), ZSTD(1)),
    `writer` LowCardinality(String) COMMENT 'Id of the write-ahead log, which is one aggregator\'s',
    `ingest_day` Date COMMENT 'Day on which the segment was begun, UTC',
    `ingest_time` DateTime64(6, 'UTC') COMMENT 'When it was booked' CODEC(Delta(8), ZSTD(1)),
    `sign` Int8 COMMENT '1 booked, -1 taken back',
    `because` LowCardinality(String) COMMENT 'For sign -1: reason of what is booked instead, empty if nothing is',
    `tenant` LowCardinality(String) COMMENT 'Who is accounted for',
    `session_id` String COMMENT 'Session, empty while none is known' CODEC(ZSTD(1)),
    `workflow` LowCardinality(String) COMMENT 'Kind of session',
    `workflow_version` LowCardinality(String) COMMENT 'Version of the workflow, empty while none is known',
    `user_id` String COMMENT 'User' CODEC(ZSTD(1)),
    `agent` LowCardinality(String) COMMENT 'Agent',
    `provider` LowCardinality(String) COMMENT 'Provider as named by the producer',
    `model` LowCardinality(String) COMMENT 'Model that answered, else the one asked for',
    `request_model` LowCardinality(String) COMMENT 'Model asked for',
    `tool` LowCardinality(String) COMMENT 'Tool',
    `handoff_to` LowCardinality(String) COMMENT 'Agent that was handed over to',
    `purpose` LowCardinality(String) COMMENT 'What a call was for, where it is not an agent\'s own',
    `operation` LowCardinality(String) COMMENT 'gen_ai.operation.name or its equivalent',
    `service` LowCardinality(String) COMMENT 'service.name',
    `profile` LowCardinality(String) COMMENT 'Producer profile that read the record',
    `signal` LowCardinality(String) COMMENT 'span, log or metric',
    `trace_key` String COMMENT 'Trace id; for a record outside any trace signal/record_id' CODEC(ZSTD(1)),
    `record_id` String COMMENT 'Span id, hash of a log record, series of a metric point' CODEC(ZSTD(1)),
    `kind` LowCardinality(String) COMMENT 'What was booked: inference, turn, tool, excluded, ...',
    `reason` LowCardinality(String) COMMENT 'Why it counts, or not',
    `counted_by` String COMMENT 'Key of the record that counts instead, empty if none does' CODEC(ZSTD(1)),
    `started_at` DateTime64(6, 'UTC') COMMENT 'Start' CODEC(Delta(8), ZSTD(1)),
    `ended_at` DateTime64(6, 'UTC') COMMENT 'End, which is when it counts' CODEC(Delta(8), ZSTD(1)),
    `time_to_first_token_us` UInt64 COMMENT 'Microseconds from the start to the first token; 0 unknown',
    `usage_source` LowCardinality(String) COMMENT 'provider, estimated, missing or none',
    `is_input_known` Bool COMMENT 'Tells an input of 0 from one that was not reported',
    `is_output_known` Bool COMMENT 'Tells an output of 0 from one that was not reported',
    `service_tier` LowCardinality(String) COMMENT 'Service tier as reported',
    `error_type` LowCardinality(String) COMMENT 'Class of the failure, empty when it succeeded',
    `notes` Array(LowCardinality(String)) COMMENT 'What was noticed and repaired while reading, as codes',
    `inferences` UInt64 COMMENT 'Model calls',
    `turns` UInt64 COMMENT 'Turns of agents',
    `tool_calls` UInt64 COMMENT 'Tool calls',
    `handoffs` UInt64 COMMENT 'Handoffs',
    `errors` UInt64 COMMENT 'Failures',
    `input_tokens` UInt64 COMMENT 'Prompt tokens, cached ones included',
    `output_tokens` UInt64 COMMENT 'Answer tokens, reasoning included',
    `cache_read_tokens` UInt64 COMMENT 'Part of input_tokens read from a cache',
    `cache_write_tokens` UInt64 COMMENT 'Part of input_tokens written to a cache',
    `cache_write_1h_tokens` UInt64 COMMENT 'Part of cache_write_tokens kept for an hour',
    `reasoning_tokens` UInt64 COMMENT 'Part of output_tokens',
    `input_audio_tokens` UInt64 COMMENT 'Part of input_tokens',
    `output_audio_tokens` UInt64 COMMENT 'Part of output_tokens',
    `input_image_tokens` UInt64 COMMENT 'Part of input_tokens',
    `output_image_tokens` UInt64 COMMENT 'Part of output_tokens',
    `response_time_us` UInt64 COMMENT 'Time of a turn without people and nested agents, microseconds',
    `human_wait_us` UInt64 COMMENT 'Time people took, microseconds',
    `excluded_input_tokens` UInt64 COMMENT 'Prompt tokens not added because they are counted elsewhere, or never',
    `excluded_output_tokens` UInt64 COMMENT 'Answer tokens not added because they are counted elsewhere, or never',
    `cost_nano_usd` Int64 COMMENT 'Whole cost, billionths of a US dollar',
    `other_cost_nano_usd` Int64 COMMENT 'Part of cost_nano_usd that is not tokens, billionths of a US dollar',
    `cost_parts` Array(LowCardinality(String)) COMMENT 'Where the cost went: buckets of tokens, charges as kind or kind/name',
    `cost_part_nano_usd` Array(Int64) COMMENT 'Parts of cost_nano_usd, parallel to cost_parts, billionths of a US dollar',
    `cost_status` LowCardinality(String) COMMENT 'exact, estimated, partial or unpriced; empty where nothing is to be priced',
    `cost_source` LowCardinality(String) COMMENT 'Whose price it is',
    `price_id` LowCardinality(String) COMMENT 'Which price it is',
    `book_version` LowCardinality(String) COMMENT 'Which price book it is from',
    `cost_reasons` Array(LowCardinality(String)) COMMENT 'Assumptions and gaps of the price, as codes',
    `unpriced_tokens` UInt64 COMMENT 'Tokens without a price',
    `claim_nano_usd` Int64 COMMENT 'Cost that somebody put on the record, billionths of a US dollar',
    `claim_by` LowCardinality(String) COMMENT 'provider, gateway or client_table; empty without a claim',
    `charge_kinds` Array(LowCardinality(String)) COMMENT 'Costs that are not tokens: kinds',
    `charge_names` Array(LowCardinality(String)) COMMENT 'Costs that are not tokens: names, parallel to charge_kinds',
    `charge_quantities` Array(Float64) COMMENT 'Costs that are not tokens: quantities, parallel to charge_kinds',
    INDEX seg_range seg TYPE minmax GRANULARITY 1,
    INDEX ingest_time_range ingest_time TYPE minmax GRANULARITY 1,
    INDEX ended_at_range ended_at TYPE minmax GRANULARITY 1,
    INDEX trace_keys trace_key TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX counting_records counted_by TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX counting_traces substringIndex(counted_by, '/', 1) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX session_ids session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    PROJECTION session_sums
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
    ),
    PROJECTION session_part_sums
    (
        SELECT
            tenant,
            session_id,
            agent,
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
            sum(sign * (cost_status = 'unpriced')),
            min(started_at),
            max(ended_at),
            max(ingest_time)
        GROUP BY
            tenant,
            session_id,
            agent,
            model,
            tool
    ),
    PROJECTION workflow_5min_sums
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
            sum((sign * turns) * has(notes, 'untimed_turn')),
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
    ),
    PROJECTION hour_sums
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
            sum((sign * turns) * has(notes, 'untimed_turn')),
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
    ),
    PROJECTION day_sums
    (
        SELECT
            tenant,
            empty(session_id),
            toDate(ended_at),
            workflow,
            agent,
            provider,
            model,
            tool,
            usage_source,
            cost_status,
            claim_by,
            kind,
            reason,
            profile,
            signal,
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
            sum(sign * excluded_input_tokens),
            sum(sign * excluded_output_tokens),
            sum((sign * turns) * has(notes, 'untimed_turn')),
            sum(sign * response_time_us),
            sum(sign * human_wait_us),
            sum(sign * cost_nano_usd),
            sum(sign * other_cost_nano_usd),
            sum(sign * unpriced_tokens),
            sum(sign * claim_nano_usd),
            sum(sign * (toUnixTimestamp64Micro(ended_at) - toUnixTimestamp64Micro(started_at))),
            min(started_at),
            max(ended_at),
            max(ingest_time)
        GROUP BY
            tenant,
            empty(session_id),
            toDate(ended_at),
            workflow,
            agent,
            provider,
            model,
            tool,
            usage_source,
            cost_status,
            claim_by,
            kind,
            reason,
            profile,
            signal
    )
)
ENGINE = MergeTree
PARTITION BY ingest_day
ORDER BY (tenant, session_id, trace_key, record_id)
TTL ingest_day + toIntervalDay(730)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1, index_granularity = 8192, min_bytes_for_wide_part = 134217728
COMMENT 'The ledger: one row per booking';

CREATE TABLE turnmeter.migrations
(
    `name` String COMMENT 'File of the migration, without .sql',
    `checksum` String COMMENT 'SHA-256 of the file, hexadecimal',
    `applied_at` DateTime64(6, 'UTC') COMMENT 'When it ran'
)
ENGINE = MergeTree
ORDER BY name
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1, index_granularity = 8192
COMMENT 'Which migrations ran; kept for ever';

CREATE TABLE turnmeter.observations
(
    `seg` UInt64 COMMENT 'Segment of the write-ahead log, by writer' CODEC(Delta(8), ZSTD(1)),
    `writer` LowCardinality(String) COMMENT 'Id of the write-ahead log, which is one aggregator\'s',
    `ingest_day` Date COMMENT 'Day on which the segment was begun, UTC',
    `ingest_time` DateTime64(6, 'UTC') COMMENT 'When the record was received' CODEC(Delta(8), ZSTD(1)),
    `tenant` LowCardinality(String) COMMENT 'Whose record it is',
    `signal` LowCardinality(String) COMMENT 'span, log or metric',
    `trace_key` String COMMENT 'Trace id; for a record outside any trace signal/record_id' CODEC(ZSTD(1)),
    `record_id` String COMMENT 'Span id, hash of a log record, series of a metric point' CODEC(ZSTD(1)),
    `parent_id` String COMMENT 'Span above, empty at a root' CODEC(ZSTD(1)),
    `link_trace_ids` Array(String) COMMENT 'Span links: trace ids',
    `link_span_ids` Array(String) COMMENT 'Span links: span ids, parallel to link_trace_ids',
    `profile` LowCardinality(String) COMMENT 'Producer profile that read the record',
    `role` LowCardinality(String) COMMENT 'What the record is: inference, agent, tool, ...',
    `operation` LowCardinality(String) COMMENT 'gen_ai.operation.name or its equivalent; name of a metric',
    `scope` LowCardinality(String) COMMENT 'Instrumentation scope',
    `service` LowCardinality(String) COMMENT 'service.name',
    `process` LowCardinality(String) COMMENT 'Service and instance: what shares a clock',
    `started_at` DateTime64(6, 'UTC') COMMENT 'Start by the producer\'s clock, repaired' CODEC(Delta(8), ZSTD(1)),
    `ended_at` DateTime64(6, 'UTC') COMMENT 'End by the producer\'s clock, repaired' CODEC(Delta(8), ZSTD(1)),
    `has_usage` Bool COMMENT 'Whether the record carries usage at all',
    `input_tokens` Int64 COMMENT 'Prompt tokens, cached ones included; -1 not reported',
    `output_tokens` Int64 COMMENT 'Answer tokens, reasoning included; -1 not reported',
    `cache_read_tokens` Int64 COMMENT 'Part of input_tokens read from a cache; -1 not reported',
    `cache_write_tokens` Int64 COMMENT 'Part of input_tokens written to a cache; -1 not reported',
    `cache_write_1h_tokens` Int64 COMMENT 'Part of cache_write_tokens kept for an hour; -1 not reported',
    `reasoning_tokens` Int64 COMMENT 'Part of output_tokens; -1 not reported',
    `input_audio_tokens` Int64 COMMENT 'Part of input_tokens; -1 not reported',
    `output_audio_tokens` Int64 COMMENT 'Part of output_tokens; -1 not reported',
    `input_image_tokens` Int64 COMMENT 'Part of input_tokens; -1 not reported',
    `output_image_tokens` Int64 COMMENT 'Part of output_tokens; -1 not reported',
    `grain` LowCardinality(String) COMMENT 'What the usage is a figure of: call, sum, lifetime, ...',
    `usage_source` LowCardinality(String) COMMENT 'provider, estimated, missing or none',
    `coverage` LowCardinality(String) COMMENT 'When usage above calls is held by others',
    `may_be_sum` Bool COMMENT 'Usage of a call that may as well be the sum of the calls below it',
    `wire_distance` UInt8 COMMENT 'Distance from the provider\'s wire, 0 nearest',
    `authority_family` LowCardinality(String) COMMENT 'Who else reports the same calls',
    `authority_rank` Int16 COMMENT 'Rank among the sources of one family, 0 best; -1 stands for itself',
    `calls` UInt64 COMMENT 'Model calls the record stands for',
    `provider` LowCardinality(String) COMMENT 'Provider as named by the producer',
    `model` LowCardinality(String) COMMENT 'Model that answered, else the one asked for',
    `request_model` LowCardinality(String) COMMENT 'Model asked for',
    `response_id` String COMMENT 'Id of the answer, the provider\'s' CODEC(ZSTD(1)),
    `service_tier` LowCardinality(String) COMMENT 'Service tier as reported',
    `claim_nano_usd` Int64 COMMENT 'Cost that somebody put on the record, billionths of a US dollar',
    `claim_by` LowCardinality(String) COMMENT 'provider, gateway or client_table; empty without a claim',
    `charge_kinds` Array(LowCardinality(String)) COMMENT 'Costs that are not tokens: kinds',
    `charge_names` Array(LowCardinality(String)) COMMENT 'Costs that are not tokens: names, parallel to charge_kinds',
    `charge_quantities` Array(Float64) COMMENT 'Costs that are not tokens: quantities, parallel to charge_kinds',
    `time_to_first_token_us` UInt64 COMMENT 'Microseconds from the start to the first token; 0 unknown',
    `session_id` String COMMENT 'Session that the record itself names' CODEC(ZSTD(1)),
    `session_rank` UInt8 COMMENT 'How the session was named, 0 best',
    `conversation` String COMMENT 'Conversation id that the record itself names' CODEC(ZSTD(1)),
    `agent` LowCardinality(String) COMMENT 'Agent that the record itself names',
    `agent_id` LowCardinality(String) COMMENT 'Opaque agent id',
    `ends_agent` Bool COMMENT 'Records below inherit no agent from above',
    `can_be_turn` Bool COMMENT 'May be counted as a turn',
    `workflow` LowCardinality(String) COMMENT 'Workflow that the record itself names',
    `workflow_version` LowCardinality(String) COMMENT 'Version of the workflow that the record itself names',
    `user_id` String COMMENT 'User that the record itself names' CODEC(ZSTD(1)),
    `tool` LowCardinality(String) COMMENT 'Tool',
    `tool_call_id` String COMMENT 'Id of the tool call, the model\'s' CODEC(ZSTD(1)),
    `handoff_to` LowCardinality(String) COMMENT 'Agent that is handed over to',
    `purpose` LowCardinality(String) COMMENT 'What a call was for, where it is not an agent\'s own',
    `error_type` LowCardinality(String) COMMENT 'Class of the failure, empty when it succeeded',
    `alias_kind` LowCardinality(String) COMMENT 'session_parent or agent_name; empty without an alias',
    `alias_from` String COMMENT 'Id that has another name' CODEC(ZSTD(1)),
    `alias_to` String COMMENT 'The other name' CODEC(ZSTD(1)),
    `notes` Array(LowCardinality(String)) COMMENT 'What was noticed and repaired while reading, as codes',
    INDEX seg_range seg TYPE minmax GRANULARITY 1,
    INDEX ingest_time_range ingest_time TYPE minmax GRANULARITY 1,
    INDEX record_ids record_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX response_ids response_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX linked_traces link_trace_ids TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY ingest_day
ORDER BY (tenant, trace_key, record_id)
TTL ingest_day + toIntervalDay(90)
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1, index_granularity = 8192, min_bytes_for_wide_part = 134217728
COMMENT 'What was seen: one row per record';

CREATE TABLE turnmeter.session_summaries
(
    `tenant` LowCardinality(String) COMMENT 'Who is accounted for',
    `workflow` LowCardinality(String) COMMENT 'Kind of session',
    `day` Date COMMENT 'Day on which the session began, UTC',
    `session_id` String COMMENT 'Session' CODEC(ZSTD(1)),
    `version` UInt64 COMMENT 'When it was written, microseconds since 1970, raised where the clock went back; the highest stands' CODEC(Delta(8), ZSTD(1)),
    `is_deleted` UInt8 COMMENT '1 takes the row back: the session is now in another workflow or day',
    `finalized_at` DateTime64(6, 'UTC') COMMENT 'When the session was finalized first' CODEC(Delta(8), ZSTD(1)),
    `finalized_because` LowCardinality(String) COMMENT 'request or idle',
    `amendments` UInt32 COMMENT 'How often later entries changed it since',
    `last_booked_at` DateTime64(6, 'UTC') COMMENT 'Latest booking that is in these figures' CODEC(Delta(8), ZSTD(1)),
    `workflow_version` LowCardinality(String) COMMENT 'Version of the workflow, the latest if there were several, empty if none is known',
    `user_id` String COMMENT 'User' CODEC(ZSTD(1)),
    `began_at` DateTime64(6, 'UTC') COMMENT 'Start of the first entry' CODEC(Delta(8), ZSTD(1)),
    `ended_at` DateTime64(6, 'UTC') COMMENT 'End of the last entry' CODEC(Delta(8), ZSTD(1)),
    `duration_us` Int64 COMMENT 'From begin to end, microseconds',
    `active_us` Int64 COMMENT 'Time in which something ran, without waiting for people, microseconds',
    `human_wait_us` Int64 COMMENT 'Time people took, microseconds',
    `agents` Array(LowCardinality(String)) COMMENT 'Agents that took part, by name',
    `agent_count` Int64 COMMENT 'How many agents took part',
    `records` Int64 COMMENT 'Standing entries',
    `turns` Int64 COMMENT 'Turns',
    `errors` Int64 COMMENT 'Failures of calls and tools',
    `tokens` Int64 COMMENT 'Prompt and answer tokens',
    `cost_nano_usd` Int64 COMMENT 'Whole cost, billionths of a US dollar',
    `cost_status` LowCardinality(String) COMMENT 'exact, estimated, partial or unpriced: the weakest of its parts',
    `models` Array(String) COMMENT 'Models that answered, by name',
    `turn_speaker` Array(String) COMMENT 'Turns in order: agent, empty if nobody named it',
    `turn_response_us` Array(Int64) COMMENT 'Turns in order: time without people and nested agents, microseconds',
    `turn_inferences` Array(Int64) COMMENT 'Turns in order: model calls',
    `turn_input_tokens` Array(Int64) COMMENT 'Turns in order: prompt tokens',
    `turn_output_tokens` Array(Int64) COMMENT 'Turns in order: answer tokens',
    `turn_cost_nano_usd` Array(Int64) COMMENT 'Turns in order: cost, billionths of a US dollar',
    `document` String COMMENT 'All figures as JSON, for answers; the other columns are for queries' CODEC(ZSTD(1)),
    INDEX session_ids session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX version_range version TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant, workflow, day, session_id)
TTL day + toIntervalDay(1825)
SETTINGS index_granularity = 64, min_compress_block_size = 16384, max_compress_block_size = 65536, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1
COMMENT 'Figures of finalized sessions';

CREATE TABLE turnmeter.workflow_agent_averages
(
    `tenant` LowCardinality(String) COMMENT 'Who is accounted for',
    `workflow` LowCardinality(String) COMMENT 'Kind of session',
    `agent` String COMMENT 'Agent; empty for turns of nobody in particular, and there when there is none',
    `revision` UInt64 COMMENT 'How often the workflow was computed; rows of the highest stand',
    `version` UInt64 COMMENT 'Highest version among its days',
    `checksum` UInt64 COMMENT 'Of its days: tells whether there is anything to compute',
    `turns` UInt64 COMMENT 'Turns',
    `timed_turns` UInt64 COMMENT 'Turns whose response time is known',
    `response_us_sum` Int64 COMMENT 'Response times, microseconds: sum',
    `response_us_squares` Int128 COMMENT 'Response times, microseconds: sum of squares',
    `response_us_min` Int64 COMMENT 'Response times, microseconds: shortest; the largest number if there is none',
    `response_us_max` Int64 COMMENT 'Response times, microseconds: longest',
    `response_us_quantiles` Array(Float64) COMMENT 'Response times, microseconds: p50, p95, p99',
    `sessions` UInt64 COMMENT 'Sessions with a turn of the agent',
    `inferences` Int64 COMMENT 'Model calls in its turns',
    `input_tokens` Int64 COMMENT 'Prompt tokens of its turns',
    `output_tokens` Int64 COMMENT 'Answer tokens of its turns',
    `cost_nano_usd` Int64 COMMENT 'Cost of its turns, billionths of a US dollar'
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (tenant, workflow, agent)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1, index_granularity = 8192
COMMENT 'Turns in finalized sessions by workflow and agent';

CREATE MATERIALIZED VIEW turnmeter.workflow_agent_averages_refresh
REFRESH EVERY 5 SECOND DEPENDS ON turnmeter.workflow_agent_days_refresh APPEND TO turnmeter.workflow_agent_averages
(
    `tenant` LowCardinality(String),
    `workflow` LowCardinality(String),
    `agent` String,
    `revision` UInt64,
    `version` UInt64,
    `checksum` UInt64,
    `turns` UInt64,
    `timed_turns` UInt64,
    `response_us_sum` Int64,
    `response_us_squares` Int128,
    `response_us_min` Int64,
    `response_us_max` Int64,
    `response_us_quantiles` Array(Float64),
    `sessions` UInt64,
    `inferences` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cost_nano_usd` Int64
)
DEFINER = default SQL SECURITY DEFINER
AS WITH
    touched AS
    (
        SELECT DISTINCT
            tenant,
            workflow
        FROM turnmeter.workflow_agent_days
        WHERE version > ((
            SELECT max(version)
            FROM turnmeter.workflow_agent_averages
        ) - 60000000)
    )
SELECT
    found.tenant AS tenant,
    found.workflow AS workflow,
    found.agent AS agent,
    known.revision + 1 AS revision,
    found.workflow_version AS version,
    found.workflow_checksum AS checksum,
    found.turns AS turns,
    found.timed_turns AS timed_turns,
    found.response_us_sum AS response_us_sum,
    found.response_us_squares AS response_us_squares,
    found.response_us_min AS response_us_min,
    found.response_us_max AS response_us_max,
    found.response_us_quantiles AS response_us_quantiles,
    found.sessions AS sessions,
    found.inferences AS inferences,
    found.input_tokens AS input_tokens,
    found.output_tokens AS output_tokens,
    found.cost_nano_usd AS cost_nano_usd
FROM
(
    SELECT
        tenant,
        workflow,
        agent,
        max(max(day_version)) OVER (PARTITION BY tenant, workflow) AS workflow_version,
        groupBitXor(groupBitXorIf(cityHash64(day, day_checksum), empty(agent))) OVER (PARTITION BY tenant, workflow) AS workflow_checksum,
        sum(day_turns) AS turns,
        sum(day_timed_turns) AS timed_turns,
        sum(day_response_us_sum) AS response_us_sum,
        sum(day_response_us_squares) AS response_us_squares,
        min(day_response_us_min) AS response_us_min,
        max(day_response_us_max) AS response_us_max,
        quantilesDeterministicMerge(0.5, 0.95, 0.99)(day_response_us_quantiles) AS response_us_quantiles,
        sum(day_sessions) AS sessions,
        sum(day_inferences) AS inferences,
        sum(day_input_tokens) AS input_tokens,
        sum(day_output_tokens) AS output_tokens,
        sum(day_cost_nano_usd) AS cost_nano_usd
    FROM
    (
        SELECT
            days.tenant AS tenant,
            days.workflow AS workflow,
            days.day AS day,
            days.agent AS agent,
            max(days.revision) AS agent_revision,
            max(max(days.revision)) OVER (PARTITION BY tenant, workflow, day) AS day_revision,
            argMax(days.version, days.revision) AS day_version,
            argMax(days.checksum, days.revision) AS day_checksum,
            argMax(days.turns, days.revision) AS day_turns,
            argMax(days.timed_turns, days.revision) AS day_timed_turns,
            argMax(days.response_us_sum, days.revision) AS day_response_us_sum,
            argMax(days.response_us_squares, days.revision) AS day_response_us_squares,
            argMax(days.response_us_min, days.revision) AS day_response_us_min,
            argMax(days.response_us_max, days.revision) AS day_response_us_max,
            argMax(days.response_us_quantiles, days.revision) AS day_response_us_quantiles,
            argMax(days.sessions, days.revision) AS day_sessions,
            argMax(days.inferences, days.revision) AS day_inferences,
            argMax(days.input_tokens, days.revision) AS day_input_tokens,
            argMax(days.output_tokens, days.revision) AS day_output_tokens,
            argMax(days.cost_nano_usd, days.revision) AS day_cost_nano_usd
        FROM turnmeter.workflow_agent_days AS days
        WHERE (days.tenant, days.workflow) IN (
            SELECT
                tenant,
                workflow
            FROM touched
        )
        GROUP BY
            days.tenant,
            days.workflow,
            days.day,
            days.agent
    )
    WHERE agent_revision = day_revision
    GROUP BY
        tenant,
        workflow,
        agent
) AS found
LEFT JOIN
(
    SELECT
        averages.tenant AS tenant,
        averages.workflow AS workflow,
        max(averages.revision) AS revision,
        argMax(averages.checksum, averages.revision) AS checksum
    FROM turnmeter.workflow_agent_averages AS averages
    WHERE (averages.tenant, averages.workflow) IN (
        SELECT
            tenant,
            workflow
        FROM touched
    )
    GROUP BY
        averages.tenant,
        averages.workflow
) AS known USING (tenant, workflow)
WHERE (known.revision = 0) OR (known.checksum != found.workflow_checksum);

CREATE TABLE turnmeter.workflow_agent_days
(
    `tenant` LowCardinality(String) COMMENT 'Who is accounted for',
    `workflow` LowCardinality(String) COMMENT 'Kind of session',
    `day` Date COMMENT 'Day on which the sessions began, UTC',
    `agent` String COMMENT 'Agent; empty for turns of nobody in particular, and there when there is none',
    `revision` UInt64 COMMENT 'How often the day was computed; rows of the highest stand',
    `version` UInt64 COMMENT 'Highest version among its summaries',
    `checksum` UInt64 COMMENT 'Of its sessions and their versions: tells whether there is anything to compute',
    `turns` UInt64 COMMENT 'Turns',
    `timed_turns` UInt64 COMMENT 'Turns whose response time is known',
    `response_us_sum` Int64 COMMENT 'Response times, microseconds: sum',
    `response_us_squares` Int128 COMMENT 'Response times, microseconds: sum of squares',
    `response_us_min` Int64 COMMENT 'Response times, microseconds: shortest; the largest number if there is none',
    `response_us_max` Int64 COMMENT 'Response times, microseconds: longest',
    `response_us_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Response times, microseconds: p50, p95, p99',
    `sessions` UInt64 COMMENT 'Sessions with a turn of the agent',
    `inferences` Int64 COMMENT 'Model calls in its turns',
    `input_tokens` Int64 COMMENT 'Prompt tokens of its turns',
    `output_tokens` Int64 COMMENT 'Answer tokens of its turns',
    `cost_nano_usd` Int64 COMMENT 'Cost of its turns, billionths of a US dollar'
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (tenant, workflow, day, agent)
TTL day + toIntervalDay(1825)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1, index_granularity = 8192
COMMENT 'Turns in finalized sessions by workflow, day and agent';

CREATE MATERIALIZED VIEW turnmeter.workflow_agent_days_refresh
REFRESH EVERY 5 SECOND APPEND TO turnmeter.workflow_agent_days
(
    `tenant` LowCardinality(String),
    `workflow` LowCardinality(String),
    `day` Date,
    `agent` String,
    `revision` UInt64,
    `version` UInt64,
    `checksum` UInt64,
    `turns` UInt64,
    `timed_turns` UInt64,
    `response_us_sum` Int64,
    `response_us_squares` Int128,
    `response_us_min` Int64,
    `response_us_max` Int64,
    `response_us_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64),
    `sessions` UInt64,
    `inferences` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cost_nano_usd` Int64
)
DEFINER = default SQL SECURITY DEFINER
AS WITH
    touched AS
    (
        SELECT DISTINCT
            tenant,
            workflow,
            day
        FROM turnmeter.session_summaries
        WHERE version > ((
            SELECT max(version)
            FROM turnmeter.workflow_agent_days
        ) - 60000000)
    )
SELECT
    found.tenant AS tenant,
    found.workflow AS workflow,
    found.day AS day,
    found.agent AS agent,
    known.revision + 1 AS revision,
    found.day_version AS version,
    found.day_checksum AS checksum,
    found.turns AS turns,
    found.timed_turns AS timed_turns,
    found.response_us_sum AS response_us_sum,
    found.response_us_squares AS response_us_squares,
    found.response_us_min AS response_us_min,
    found.response_us_max AS response_us_max,
    found.response_us_quantiles AS response_us_quantiles,
    found.sessions AS sessions,
    found.inferences AS inferences,
    found.input_tokens AS input_tokens,
    found.output_tokens AS output_tokens,
    found.cost_nano_usd AS cost_nano_usd
FROM
(
    SELECT
        tenant,
        workflow,
        day,
        agent,
        max(max(latest_version)) OVER (PARTITION BY tenant, workflow, day) AS day_version,
        groupBitXor(groupBitXorIf(cityHash64(session_id, latest_version), (NOT is_turn) AND (NOT is_deleted))) OVER (PARTITION BY tenant, workflow, day) AS day_checksum,
        countIf(is_turn) AS turns,
        countIf(is_timed) AS timed_turns,
        sumIf(response_us, is_timed) AS response_us_sum,
        sumIf(toInt128(response_us) * response_us, is_timed) AS response_us_squares,
        min(if(is_timed, response_us, 9223372036854775807)) AS response_us_min,
        maxIf(response_us, is_timed) AS response_us_max,
        quantilesDeterministicStateIf(0.5, 0.95, 0.99)(response_us, cityHash64(session_id, place), is_timed) AS response_us_quantiles,
        uniqExactIf(session_id, is_turn) AS sessions,
        sumIf(turn_inferences, is_turn) AS inferences,
        sumIf(turn_input_tokens, is_turn) AS input_tokens,
        sumIf(turn_output_tokens, is_turn) AS output_tokens,
        sumIf(turn_cost_nano_usd, is_turn) AS cost_nano_usd
    FROM
    (
        SELECT
            summary.tenant AS tenant,
            summary.workflow AS workflow,
            summary.day AS day,
            summary.session_id AS session_id,
            max(summary.version) AS latest_version,
            argMax(summary.is_deleted, summary.version) AS is_deleted,
            argMax(summary.turn_speaker, summary.version) AS speakers,
            argMax(summary.turn_response_us, summary.version) AS responses,
            argMax(summary.turn_inferences, summary.version) AS inference_counts,
            argMax(summary.turn_input_tokens, summary.version) AS inputs,
            argMax(summary.turn_output_tokens, summary.version) AS outputs,
            argMax(summary.turn_cost_nano_usd, summary.version) AS costs
        FROM turnmeter.session_summaries AS summary
        WHERE (summary.tenant, summary.workflow, summary.day) IN (
            SELECT
                tenant,
                workflow,
                day
            FROM touched
        )
        GROUP BY
            summary.tenant,
            summary.workflow,
            summary.day,
            summary.session_id
    )
    ARRAY JOIN
        arrayPushBack(speakers, '') AS agent,
        arrayPushBack(responses, 0) AS response_us,
        arrayPushBack(inference_counts, 0) AS turn_inferences,
        arrayPushBack(inputs, 0) AS turn_input_tokens,
        arrayPushBack(outputs, 0) AS turn_output_tokens,
        arrayPushBack(costs, 0) AS turn_cost_nano_usd,
        arrayPushBack(arrayMap(speaker -> (NOT is_deleted), speakers), 0) AS is_turn,
        arrayPushBack(arrayMap(us -> ((NOT is_deleted) AND (us >= 0)), responses), 0) AS is_timed,
        arrayEnumerate(arrayPushBack(speakers, '')) AS place
    GROUP BY
        tenant,
        workflow,
        day,
        agent
) AS found
LEFT JOIN
(
    SELECT
        days.tenant AS tenant,
        days.workflow AS workflow,
        days.day AS day,
        max(days.revision) AS revision,
        argMax(days.checksum, days.revision) AS checksum
    FROM turnmeter.workflow_agent_days AS days
    WHERE (days.tenant, days.workflow, days.day) IN (
        SELECT
            tenant,
            workflow,
            day
        FROM touched
    )
    GROUP BY
        days.tenant,
        days.workflow,
        days.day
) AS known USING (tenant, workflow, day)
WHERE (known.revision = 0) OR (known.checksum != found.day_checksum);

CREATE TABLE turnmeter.workflow_averages
(
    `tenant` LowCardinality(String) COMMENT 'Who is accounted for',
    `workflow` LowCardinality(String) COMMENT 'Kind of session',
    `revision` UInt64 COMMENT 'How often it was computed; the highest stands',
    `version` UInt64 COMMENT 'Highest version among its days',
    `checksum` UInt64 COMMENT 'Of its days: tells whether there is anything to compute',
    `computed_at` DateTime64(3, 'UTC') COMMENT 'When it was computed',
    `sessions` UInt64 COMMENT 'Finalized sessions',
    `underpriced` UInt64 COMMENT 'Sessions whose cost is a lower bound',
    `last_finalized_at` DateTime64(6, 'UTC') COMMENT 'When the last of them was finalized',
    `duration_us_sum` Int64 COMMENT 'Session durations, microseconds: sum',
    `duration_us_squares` Int128 COMMENT 'Session durations, microseconds: sum of squares',
    `duration_us_quantiles` Array(Float64) COMMENT 'Session durations, microseconds: p50, p95, p99',
    `cost_nano_usd_sum` Int64 COMMENT 'Session costs, billionths of a US dollar: sum',
    `cost_nano_usd_squares` Int128 COMMENT 'Session costs, billionths of a US dollar: sum of squares',
    `cost_nano_usd_quantiles` Array(Float64) COMMENT 'Session costs, billionths of a US dollar: p50, p95, p99',
    `tokens_sum` Int64 COMMENT 'Session tokens: sum',
    `tokens_squares` Int128 COMMENT 'Session tokens: sum of squares',
    `tokens_quantiles` Array(Float64) COMMENT 'Session tokens: p50, p95, p99',
    `turns_sum` Int64 COMMENT 'Turns of sessions: sum',
    `turns_squares` Int128 COMMENT 'Turns of sessions: sum of squares',
    `turns_quantiles` Array(Float64) COMMENT 'Turns of sessions: p50, p95, p99',
    `agents_sum` Int64 COMMENT 'Agents of sessions: sum',
    `agents_squares` Int128 COMMENT 'Agents of sessions: sum of squares',
    `agents_quantiles` Array(Float64) COMMENT 'Agents of sessions: p50, p95, p99'
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (tenant, workflow)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1, index_granularity = 8192
COMMENT 'Finalized sessions by workflow';

CREATE MATERIALIZED VIEW turnmeter.workflow_averages_refresh
REFRESH EVERY 5 SECOND DEPENDS ON turnmeter.workflow_days_refresh APPEND TO turnmeter.workflow_averages
(
    `tenant` LowCardinality(String),
    `workflow` LowCardinality(String),
    `revision` UInt64,
    `version` UInt64,
    `checksum` UInt64,
    `computed_at` DateTime64(3),
    `sessions` UInt64,
    `underpriced` UInt64,
    `last_finalized_at` DateTime64(6, 'UTC'),
    `duration_us_sum` Int64,
    `duration_us_squares` Int128,
    `duration_us_quantiles` Array(Float64),
    `cost_nano_usd_sum` Int64,
    `cost_nano_usd_squares` Int128,
    `cost_nano_usd_quantiles` Array(Float64),
    `tokens_sum` Int64,
    `tokens_squares` Int128,
    `tokens_quantiles` Array(Float64),
    `turns_sum` Int64,
    `turns_squares` Int128,
    `turns_quantiles` Array(Float64),
    `agents_sum` Int64,
    `agents_squares` Int128,
    `agents_quantiles` Array(Float64)
)
DEFINER = default SQL SECURITY DEFINER
AS WITH
    touched AS
    (
        SELECT DISTINCT
            tenant,
            workflow
        FROM turnmeter.workflow_days
        WHERE version > ((
            SELECT max(version)
            FROM turnmeter.workflow_averages
        ) - 60000000)
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
        FROM turnmeter.workflow_days AS days
        WHERE (days.tenant, days.workflow) IN (
            SELECT
                tenant,
                workflow
            FROM touched
        )
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
    FROM turnmeter.workflow_averages AS averages
    WHERE (averages.tenant, averages.workflow) IN (
        SELECT
            tenant,
            workflow
        FROM touched
    )
    GROUP BY
        averages.tenant,
        averages.workflow
) AS known USING (tenant, workflow)
WHERE (known.revision = 0) OR (known.checksum != found.checksum);

CREATE TABLE turnmeter.workflow_days
(
    `tenant` LowCardinality(String) COMMENT 'Who is accounted for',
    `workflow` LowCardinality(String) COMMENT 'Kind of session',
    `day` Date COMMENT 'Day on which the sessions began, UTC',
    `revision` UInt64 COMMENT 'How often the day was computed; the highest stands',
    `version` UInt64 COMMENT 'Highest version among its summaries',
    `checksum` UInt64 COMMENT 'Of its sessions and their versions: tells whether there is anything to compute',
    `sessions` UInt64 COMMENT 'Finalized sessions',
    `underpriced` UInt64 COMMENT 'Sessions whose cost is a lower bound',
    `last_finalized_at` DateTime64(6, 'UTC') COMMENT 'When the last of them was finalized',
    `duration_us_sum` Int64 COMMENT 'Session durations, microseconds: sum',
    `duration_us_squares` Int128 COMMENT 'Session durations, microseconds: sum of squares',
    `duration_us_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Session durations, microseconds: p50, p95, p99',
    `cost_nano_usd_sum` Int64 COMMENT 'Session costs, billionths of a US dollar: sum',
    `cost_nano_usd_squares` Int128 COMMENT 'Session costs, billionths of a US dollar: sum of squares',
    `cost_nano_usd_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Session costs, billionths of a US dollar: p50, p95, p99',
    `tokens_sum` Int64 COMMENT 'Session tokens: sum',
    `tokens_squares` Int128 COMMENT 'Session tokens: sum of squares',
    `tokens_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Session tokens: p50, p95, p99',
    `turns_sum` Int64 COMMENT 'Turns of sessions: sum',
    `turns_squares` Int128 COMMENT 'Turns of sessions: sum of squares',
    `turns_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Turns of sessions: p50, p95, p99',
    `agents_sum` Int64 COMMENT 'Agents of sessions: sum',
    `agents_squares` Int128 COMMENT 'Agents of sessions: sum of squares',
    `agents_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64) COMMENT 'Agents of sessions: p50, p95, p99'
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (tenant, workflow, day)
TTL day + toIntervalDay(1825)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1, index_granularity = 8192
COMMENT 'Finalized sessions by workflow and day';

CREATE MATERIALIZED VIEW turnmeter.workflow_days_refresh
REFRESH EVERY 5 SECOND APPEND TO turnmeter.workflow_days
(
    `tenant` LowCardinality(String),
    `workflow` LowCardinality(String),
    `day` Date,
    `revision` UInt64,
    `version` UInt64,
    `checksum` UInt64,
    `sessions` UInt64,
    `underpriced` UInt64,
    `last_finalized_at` DateTime64(6, 'UTC'),
    `duration_us_sum` Int64,
    `duration_us_squares` Int128,
    `duration_us_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64),
    `cost_nano_usd_sum` Int64,
    `cost_nano_usd_squares` Int128,
    `cost_nano_usd_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64),
    `tokens_sum` Int64,
    `tokens_squares` Int128,
    `tokens_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64),
    `turns_sum` Int64,
    `turns_squares` Int128,
    `turns_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64),
    `agents_sum` Int64,
    `agents_squares` Int128,
    `agents_quantiles` AggregateFunction(quantilesDeterministic(0.5, 0.95, 0.99), Int64, UInt64)
)
DEFINER = default SQL SECURITY DEFINER
AS WITH
    touched AS
    (
        SELECT DISTINCT
            tenant,
            workflow,
            day
        FROM turnmeter.session_summaries
        WHERE version > ((
            SELECT max(version)
            FROM turnmeter.workflow_days
        ) - 60000000)
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
        countIf((NOT is_deleted) AND (cost_status IN ('partial', 'unpriced'))) AS underpriced,
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
        FROM turnmeter.session_summaries AS summary
        WHERE (summary.tenant, summary.workflow, summary.day) IN (
            SELECT
                tenant,
                workflow,
                day
            FROM touched
        )
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
    FROM turnmeter.workflow_days AS days
    WHERE (days.tenant, days.workflow, days.day) IN (
        SELECT
            tenant,
            workflow,
            day
        FROM touched
    )
    GROUP BY
        days.tenant,
        days.workflow,
        days.day
) AS known USING (tenant, workflow, day)
WHERE (known.revision = 0) OR (known.checksum != found.checksum);

CREATE VIEW turnmeter.model_hour_totals
(
    `tenant` LowCardinality(String),
    `time` DateTime('UTC'),
    `workflow` LowCardinality(String),
    `model` LowCardinality(String),
    `standing_entries` Int64,
    `inferences` Int64,
    `turns` Int64,
    `tool_calls` Int64,
    `handoffs` Int64,
    `errors` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cache_read_tokens` Int64,
    `cache_write_tokens` Int64,
    `cache_write_1h_tokens` Int64,
    `reasoning_tokens` Int64,
    `input_audio_tokens` Int64,
    `output_audio_tokens` Int64,
    `input_image_tokens` Int64,
    `output_image_tokens` Int64,
    `excluded_input_tokens` Int64,
    `excluded_output_tokens` Int64,
    `response_time_us` Int64,
    `human_wait_us` Int64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `unpriced_tokens` Int64,
    `estimated_usages` Int64,
    `missing_usages` Int64,
    `estimated_costs` Int64,
    `partial_costs` Int64,
    `unpriced_costs` Int64
)
AS SELECT
    entries.tenant AS tenant,
    toStartOfHour(entries.ended_at) AS time,
    entries.workflow AS workflow,
    entries.model AS model,
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
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    toStartOfHour(entries.ended_at),
    entries.workflow,
    entries.model;

CREATE VIEW turnmeter.net_entries
(
    `tenant` LowCardinality(String),
    `session_id` String,
    `workflow` LowCardinality(String),
    `workflow_version` LowCardinality(String),
    `user_id` String,
    `agent` LowCardinality(String),
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `request_model` LowCardinality(String),
    `tool` LowCardinality(String),
    `handoff_to` LowCardinality(String),
    `purpose` LowCardinality(String),
    `operation` LowCardinality(String),
    `service` LowCardinality(String),
    `profile` LowCardinality(String),
    `signal` LowCardinality(String),
    `trace_key` String,
    `record_id` String,
    `kind` LowCardinality(String),
    `reason` LowCardinality(String),
    `counted_by` String,
    `started_at` DateTime64(6, 'UTC'),
    `ended_at` DateTime64(6, 'UTC'),
    `time_to_first_token_us` UInt64,
    `usage_source` LowCardinality(String),
    `is_input_known` Bool,
    `is_output_known` Bool,
    `service_tier` LowCardinality(String),
    `error_type` LowCardinality(String),
    `notes` Array(LowCardinality(String)),
    `inferences` UInt64,
    `turns` UInt64,
    `tool_calls` UInt64,
    `handoffs` UInt64,
    `errors` UInt64,
    `input_tokens` UInt64,
    `output_tokens` UInt64,
    `cache_read_tokens` UInt64,
    `cache_write_tokens` UInt64,
    `cache_write_1h_tokens` UInt64,
    `reasoning_tokens` UInt64,
    `input_audio_tokens` UInt64,
    `output_audio_tokens` UInt64,
    `input_image_tokens` UInt64,
    `output_image_tokens` UInt64,
    `response_time_us` UInt64,
    `human_wait_us` UInt64,
    `excluded_input_tokens` UInt64,
    `excluded_output_tokens` UInt64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `cost_parts` Array(LowCardinality(String)),
    `cost_part_nano_usd` Array(Int64),
    `cost_status` LowCardinality(String),
    `cost_source` LowCardinality(String),
    `price_id` LowCardinality(String),
    `book_version` LowCardinality(String),
    `cost_reasons` Array(LowCardinality(String)),
    `unpriced_tokens` UInt64,
    `claim_nano_usd` Int64,
    `claim_by` LowCardinality(String),
    `charge_kinds` Array(LowCardinality(String)),
    `charge_names` Array(LowCardinality(String)),
    `charge_quantities` Array(Float64),
    `booked_at` DateTime64(6, 'UTC'),
    `standing` Int64
)
AS SELECT
    entries.tenant AS tenant,
    entries.session_id AS session_id,
    entries.workflow AS workflow,
    entries.workflow_version AS workflow_version,
    entries.user_id AS user_id,
    entries.agent AS agent,
    entries.provider AS provider,
    entries.model AS model,
    entries.request_model AS request_model,
    entries.tool AS tool,
    entries.handoff_to AS handoff_to,
    entries.purpose AS purpose,
    entries.operation AS operation,
    entries.service AS service,
    entries.profile AS profile,
    entries.signal AS signal,
    entries.trace_key AS trace_key,
    entries.record_id AS record_id,
    entries.kind AS kind,
    entries.reason AS reason,
    entries.counted_by AS counted_by,
    entries.started_at AS started_at,
    entries.ended_at AS ended_at,
    entries.time_to_first_token_us AS time_to_first_token_us,
    entries.usage_source AS usage_source,
    entries.is_input_known AS is_input_known,
    entries.is_output_known AS is_output_known,
    entries.service_tier AS service_tier,
    entries.error_type AS error_type,
    entries.notes AS notes,
    entries.inferences AS inferences,
    entries.turns AS turns,
    entries.tool_calls AS tool_calls,
    entries.handoffs AS handoffs,
    entries.errors AS errors,
    entries.input_tokens AS input_tokens,
    entries.output_tokens AS output_tokens,
    entries.cache_read_tokens AS cache_read_tokens,
    entries.cache_write_tokens AS cache_write_tokens,
    entries.cache_write_1h_tokens AS cache_write_1h_tokens,
    entries.reasoning_tokens AS reasoning_tokens,
    entries.input_audio_tokens AS input_audio_tokens,
    entries.output_audio_tokens AS output_audio_tokens,
    entries.input_image_tokens AS input_image_tokens,
    entries.output_image_tokens AS output_image_tokens,
    entries.response_time_us AS response_time_us,
    entries.human_wait_us AS human_wait_us,
    entries.excluded_input_tokens AS excluded_input_tokens,
    entries.excluded_output_tokens AS excluded_output_tokens,
    entries.cost_nano_usd AS cost_nano_usd,
    entries.other_cost_nano_usd AS other_cost_nano_usd,
    entries.cost_parts AS cost_parts,
    entries.cost_part_nano_usd AS cost_part_nano_usd,
    entries.cost_status AS cost_status,
    entries.cost_source AS cost_source,
    entries.price_id AS price_id,
    entries.book_version AS book_version,
    entries.cost_reasons AS cost_reasons,
    entries.unpriced_tokens AS unpriced_tokens,
    entries.claim_nano_usd AS claim_nano_usd,
    entries.claim_by AS claim_by,
    entries.charge_kinds AS charge_kinds,
    entries.charge_names AS charge_names,
    entries.charge_quantities AS charge_quantities,
    max(entries.ingest_time) AS booked_at,
    sum(entries.sign) AS standing
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    entries.session_id,
    entries.workflow,
    entries.workflow_version,
    entries.user_id,
    entries.agent,
    entries.provider,
    entries.model,
    entries.request_model,
    entries.tool,
    entries.handoff_to,
    entries.purpose,
    entries.operation,
    entries.service,
    entries.profile,
    entries.signal,
    entries.trace_key,
    entries.record_id,
    entries.kind,
    entries.reason,
    entries.counted_by,
    entries.started_at,
    entries.ended_at,
    entries.time_to_first_token_us,
    entries.usage_source,
    entries.is_input_known,
    entries.is_output_known,
    entries.service_tier,
    entries.error_type,
    entries.notes,
    entries.inferences,
    entries.turns,
    entries.tool_calls,
    entries.handoffs,
    entries.errors,
    entries.input_tokens,
    entries.output_tokens,
    entries.cache_read_tokens,
    entries.cache_write_tokens,
    entries.cache_write_1h_tokens,
    entries.reasoning_tokens,
    entries.input_audio_tokens,
    entries.output_audio_tokens,
    entries.input_image_tokens,
    entries.output_image_tokens,
    entries.response_time_us,
    entries.human_wait_us,
    entries.excluded_input_tokens,
    entries.excluded_output_tokens,
    entries.cost_nano_usd,
    entries.other_cost_nano_usd,
    entries.cost_parts,
    entries.cost_part_nano_usd,
    entries.cost_status,
    entries.cost_source,
    entries.price_id,
    entries.book_version,
    entries.cost_reasons,
    entries.unpriced_tokens,
    entries.claim_nano_usd,
    entries.claim_by,
    entries.charge_kinds,
    entries.charge_names,
    entries.charge_quantities
HAVING standing != 0;

CREATE VIEW turnmeter.session_agent_totals
(
    `tenant` LowCardinality(String),
    `session_id` String,
    `agent` LowCardinality(String),
    `standing_entries` Int64,
    `inferences` Int64,
    `turns` Int64,
    `tool_calls` Int64,
    `handoffs` Int64,
    `errors` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cache_read_tokens` Int64,
    `cache_write_tokens` Int64,
    `cache_write_1h_tokens` Int64,
    `reasoning_tokens` Int64,
    `input_audio_tokens` Int64,
    `output_audio_tokens` Int64,
    `input_image_tokens` Int64,
    `output_image_tokens` Int64,
    `excluded_input_tokens` Int64,
    `excluded_output_tokens` Int64,
    `response_time_us` Int64,
    `human_wait_us` Int64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `unpriced_tokens` Int64,
    `estimated_usages` Int64,
    `missing_usages` Int64,
    `estimated_costs` Int64,
    `partial_costs` Int64,
    `unpriced_costs` Int64,
    `first_started_at` DateTime64(6, 'UTC'),
    `last_ended_at` DateTime64(6, 'UTC'),
    `last_ingest_time` DateTime64(6, 'UTC')
)
AS SELECT
    entries.tenant AS tenant,
    entries.session_id AS session_id,
    entries.agent AS agent,
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
    sum(entries.sign * (entries.cost_status = 'unpriced')) AS unpriced_costs,
    min(entries.started_at) AS first_started_at,
    max(entries.ended_at) AS last_ended_at,
    max(entries.ingest_time) AS last_ingest_time
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    entries.session_id,
    entries.agent;

CREATE VIEW turnmeter.session_model_totals
(
    `tenant` LowCardinality(String),
    `session_id` String,
    `model` LowCardinality(String),
    `standing_entries` Int64,
    `inferences` Int64,
    `turns` Int64,
    `tool_calls` Int64,
    `handoffs` Int64,
    `errors` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cache_read_tokens` Int64,
    `cache_write_tokens` Int64,
    `cache_write_1h_tokens` Int64,
    `reasoning_tokens` Int64,
    `input_audio_tokens` Int64,
    `output_audio_tokens` Int64,
    `input_image_tokens` Int64,
    `output_image_tokens` Int64,
    `excluded_input_tokens` Int64,
    `excluded_output_tokens` Int64,
    `response_time_us` Int64,
    `human_wait_us` Int64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `unpriced_tokens` Int64,
    `estimated_usages` Int64,
    `missing_usages` Int64,
    `estimated_costs` Int64,
    `partial_costs` Int64,
    `unpriced_costs` Int64,
    `first_started_at` DateTime64(6, 'UTC'),
    `last_ended_at` DateTime64(6, 'UTC'),
    `last_ingest_time` DateTime64(6, 'UTC')
)
AS SELECT
    entries.tenant AS tenant,
    entries.session_id AS session_id,
    entries.model AS model,
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
    sum(entries.sign * (entries.cost_status = 'unpriced')) AS unpriced_costs,
    min(entries.started_at) AS first_started_at,
    max(entries.ended_at) AS last_ended_at,
    max(entries.ingest_time) AS last_ingest_time
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    entries.session_id,
    entries.model;

CREATE VIEW turnmeter.session_tool_totals
(
    `tenant` LowCardinality(String),
    `session_id` String,
    `tool` LowCardinality(String),
    `standing_entries` Int64,
    `inferences` Int64,
    `turns` Int64,
    `tool_calls` Int64,
    `handoffs` Int64,
    `errors` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cache_read_tokens` Int64,
    `cache_write_tokens` Int64,
    `cache_write_1h_tokens` Int64,
    `reasoning_tokens` Int64,
    `input_audio_tokens` Int64,
    `output_audio_tokens` Int64,
    `input_image_tokens` Int64,
    `output_image_tokens` Int64,
    `excluded_input_tokens` Int64,
    `excluded_output_tokens` Int64,
    `response_time_us` Int64,
    `human_wait_us` Int64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `unpriced_tokens` Int64,
    `estimated_usages` Int64,
    `missing_usages` Int64,
    `estimated_costs` Int64,
    `partial_costs` Int64,
    `unpriced_costs` Int64,
    `first_started_at` DateTime64(6, 'UTC'),
    `last_ended_at` DateTime64(6, 'UTC'),
    `last_ingest_time` DateTime64(6, 'UTC')
)
AS SELECT
    entries.tenant AS tenant,
    entries.session_id AS session_id,
    entries.tool AS tool,
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
    sum(entries.sign * (entries.cost_status = 'unpriced')) AS unpriced_costs,
    min(entries.started_at) AS first_started_at,
    max(entries.ended_at) AS last_ended_at,
    max(entries.ingest_time) AS last_ingest_time
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    entries.session_id,
    entries.tool;

CREATE VIEW turnmeter.session_totals
(
    `tenant` LowCardinality(String),
    `session_id` String,
    `workflow` LowCardinality(String),
    `standing_entries` Int64,
    `inferences` Int64,
    `turns` Int64,
    `tool_calls` Int64,
    `handoffs` Int64,
    `errors` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cache_read_tokens` Int64,
    `cache_write_tokens` Int64,
    `cache_write_1h_tokens` Int64,
    `reasoning_tokens` Int64,
    `input_audio_tokens` Int64,
    `output_audio_tokens` Int64,
    `input_image_tokens` Int64,
    `output_image_tokens` Int64,
    `excluded_input_tokens` Int64,
    `excluded_output_tokens` Int64,
    `response_time_us` Int64,
    `human_wait_us` Int64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `unpriced_tokens` Int64,
    `estimated_usages` Int64,
    `missing_usages` Int64,
    `estimated_costs` Int64,
    `partial_costs` Int64,
    `unpriced_costs` Int64,
    `first_started_at` DateTime64(6, 'UTC'),
    `last_ended_at` DateTime64(6, 'UTC'),
    `last_ingest_time` DateTime64(6, 'UTC')
)
AS SELECT
    entries.tenant AS tenant,
    entries.session_id AS session_id,
    entries.workflow AS workflow,
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
    sum(entries.sign * (entries.cost_status = 'unpriced')) AS unpriced_costs,
    min(entries.started_at) AS first_started_at,
    max(entries.ended_at) AS last_ended_at,
    max(entries.ingest_time) AS last_ingest_time
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    entries.session_id,
    entries.workflow;

CREATE VIEW turnmeter.tool_hour_totals
(
    `tenant` LowCardinality(String),
    `time` DateTime('UTC'),
    `workflow` LowCardinality(String),
    `tool` LowCardinality(String),
    `standing_entries` Int64,
    `inferences` Int64,
    `turns` Int64,
    `tool_calls` Int64,
    `handoffs` Int64,
    `errors` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cache_read_tokens` Int64,
    `cache_write_tokens` Int64,
    `cache_write_1h_tokens` Int64,
    `reasoning_tokens` Int64,
    `input_audio_tokens` Int64,
    `output_audio_tokens` Int64,
    `input_image_tokens` Int64,
    `output_image_tokens` Int64,
    `excluded_input_tokens` Int64,
    `excluded_output_tokens` Int64,
    `response_time_us` Int64,
    `human_wait_us` Int64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `unpriced_tokens` Int64,
    `estimated_usages` Int64,
    `missing_usages` Int64,
    `estimated_costs` Int64,
    `partial_costs` Int64,
    `unpriced_costs` Int64
)
AS SELECT
    entries.tenant AS tenant,
    toStartOfHour(entries.ended_at) AS time,
    entries.workflow AS workflow,
    entries.tool AS tool,
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
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    toStartOfHour(entries.ended_at),
    entries.workflow,
    entries.tool;

CREATE VIEW turnmeter.workflow_5min_totals
(
    `tenant` LowCardinality(String),
    `workflow` LowCardinality(String),
    `time` DateTime('UTC'),
    `standing_entries` Int64,
    `inferences` Int64,
    `turns` Int64,
    `tool_calls` Int64,
    `handoffs` Int64,
    `errors` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cache_read_tokens` Int64,
    `cache_write_tokens` Int64,
    `cache_write_1h_tokens` Int64,
    `reasoning_tokens` Int64,
    `input_audio_tokens` Int64,
    `output_audio_tokens` Int64,
    `input_image_tokens` Int64,
    `output_image_tokens` Int64,
    `excluded_input_tokens` Int64,
    `excluded_output_tokens` Int64,
    `response_time_us` Int64,
    `human_wait_us` Int64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `unpriced_tokens` Int64,
    `estimated_usages` Int64,
    `missing_usages` Int64,
    `estimated_costs` Int64,
    `partial_costs` Int64,
    `unpriced_costs` Int64
)
AS SELECT
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
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    entries.workflow,
    toStartOfFiveMinutes(entries.ended_at);

CREATE VIEW turnmeter.workflow_hour_totals
(
    `tenant` LowCardinality(String),
    `time` DateTime('UTC'),
    `workflow` LowCardinality(String),
    `standing_entries` Int64,
    `inferences` Int64,
    `turns` Int64,
    `tool_calls` Int64,
    `handoffs` Int64,
    `errors` Int64,
    `input_tokens` Int64,
    `output_tokens` Int64,
    `cache_read_tokens` Int64,
    `cache_write_tokens` Int64,
    `cache_write_1h_tokens` Int64,
    `reasoning_tokens` Int64,
    `input_audio_tokens` Int64,
    `output_audio_tokens` Int64,
    `input_image_tokens` Int64,
    `output_image_tokens` Int64,
    `excluded_input_tokens` Int64,
    `excluded_output_tokens` Int64,
    `response_time_us` Int64,
    `human_wait_us` Int64,
    `cost_nano_usd` Int64,
    `other_cost_nano_usd` Int64,
    `unpriced_tokens` Int64,
    `estimated_usages` Int64,
    `missing_usages` Int64,
    `estimated_costs` Int64,
    `partial_costs` Int64,
    `unpriced_costs` Int64
)
AS SELECT
    entries.tenant AS tenant,
    toStartOfHour(entries.ended_at) AS time,
    entries.workflow AS workflow,
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
FROM turnmeter.entries
GROUP BY
    entries.tenant,
    toStartOfHour(entries.ended_at),
    entries.workflow;
