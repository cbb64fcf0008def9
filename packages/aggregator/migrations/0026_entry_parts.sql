-- Up to 128 MiB, uncompressed, the columns of a part are in one file, and in one each above that: 400,000 entries. With ClickHouse's 10 MiB
-- an INSERT under load, and every merge of some, made 600 files, projections included, which took longer than the rows themselves.
-- Parts that are there stay as they are.
ALTER TABLE entries {cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728
