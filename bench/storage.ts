// How much disk a span takes, and for how long: after all was saved and merged, by table, projections included.

import path from 'node:path';
import { createClient } from '@clickhouse/client';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { format, printTable } from './figures.ts';
import { withDirectory } from './machine.ts';
import { SPANS } from './payload.ts';
import { Senders } from './sending.ts';
import { startService } from './service.ts';

export interface StorageOptions {
  readonly requests: number;
}

interface TableSize {
  readonly name: string;
  readonly rows: string;
  readonly bytes: string;
  readonly projections: string;
}

const CONNECTIONS = 16;

export async function run({ requests }: StorageOptions): Promise<void> {
  await withDirectory(async (directory) => {
    const senders = await Senders.prepare(requests, 'zstd');
    const service = await startService(directory);
    try {
      await senders.send({ port: service.otlpPort, first: 0, count: requests, connections: CONNECTIONS });
      await service.flush();
    } finally {
      await service.stop();
      senders.stop();
    }
    const spans = requests * SPANS;
    const rows = (await sizesOf(directory)).map(({ name, rows: count, bytes, projections }) => [
      name,
      format(Number(count)),
      format(Number(bytes) / spans, 1),
      format(Number(projections) / spans, 1),
      format(((Number(bytes) / spans) * 1e6) / 1024 ** 2),
    ]);
    console.log(`${format(spans)} spans, saved and merged`);
    printTable(['', 'rows', 'bytes a span', 'of them sums', 'MiB a million spans'], rows);
  });
}

/** Of the data of a stopped service. */
async function sizesOf(dataDir: string): Promise<readonly TableSize[]> {
  const engine = await startEmbeddedClickHouse({ dataDir: path.join(dataDir, 'clickhouse') });
  const client = createClient({ url: engine.url, database: 'turnmeter' });
  try {
    for (const table of ['entries', 'observations']) await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
    const answer = await client.query({
      query: `
        SELECT
          parts.table AS name,
          toString(sum(parts.rows)) AS rows,
          toString(sum(parts.bytes_on_disk)) AS bytes,
          toString(any(sums.bytes)) AS projections
        FROM system.parts AS parts
        LEFT JOIN
        (
          SELECT table, sum(bytes_on_disk) AS bytes FROM system.projection_parts
          WHERE database = 'turnmeter' AND active GROUP BY table
        ) AS sums ON sums.table = parts.table
        WHERE parts.database = 'turnmeter' AND parts.active
        GROUP BY parts.table
        ORDER BY sum(parts.bytes_on_disk) DESC`,
      format: 'JSONEachRow',
    });
    return await answer.json<TableSize>();
  } finally {
    await client.close();
    await engine.stop();
  }
}
