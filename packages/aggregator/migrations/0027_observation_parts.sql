-- As for entries: up to 128 MiB, uncompressed, the columns of a part are in one file. Parts that are there stay as they are.
ALTER TABLE observations {cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728
