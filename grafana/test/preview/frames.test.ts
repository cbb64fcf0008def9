// What engines answer, as the frames that Grafana's data sources make of it.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { askClickHouse } from '../../preview/src/collect/clickhouse.ts';
import { askPrometheus } from '../../preview/src/collect/prometheus.ts';

let server: Server;
afterEach(() => server.close());

/** Answers every request alike, on a free port. */
async function answering(body: object, status = 200): Promise<string> {
  server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

describe('rows of ClickHouse', () => {
  it('are columns: decimals are numbers, times are milliseconds, nothing is null', async () => {
    const url = await answering({
      meta: [
        { name: 'at', type: "DateTime64(3, 'UTC')" },
        { name: 'usd', type: 'Nullable(Decimal(18, 9))' },
        { name: 'name', type: 'LowCardinality(String)' },
      ],
      data: [
        ['2026-11-23 06:00:00.500', '1.25', 'a'],
        ['2026-11-23 07:00:00.000', null, 'b'],
      ],
    });
    const [frame] = await askClickHouse(url, 'SELECT', { refId: 'A', isTimeSeries: false });
    expect(frame?.fields.map(({ name, type, values }) => [name, type, values])).toEqual([
      ['at', 'time', [Date.UTC(2026, 10, 23, 6, 0, 0, 500), Date.UTC(2026, 10, 23, 7)]],
      ['usd', 'number', [1.25, null]],
      ['name', 'string', ['a', 'b']],
    ]);
  });

  it('become a line for each text where they are a time series', async () => {
    const url = await answering({
      meta: [
        { name: 'time', type: 'DateTime' },
        { name: 'agent', type: 'String' },
        { name: 'turns', type: 'UInt64' },
      ],
      data: [
        ['2026-11-23 06:00:00', 'a', '1'],
        ['2026-11-23 06:00:00', 'b', '2'],
        ['2026-11-23 07:00:00', 'b', '3'],
      ],
    });
    const [frame] = await askClickHouse(url, 'SELECT', { refId: 'A', isTimeSeries: true });
    expect(frame?.fields.map(({ name, labels, values }) => [name, labels, values])).toEqual([
      ['time', undefined, [Date.UTC(2026, 10, 23, 6), Date.UTC(2026, 10, 23, 7)]],
      ['turns', { agent: 'a' }, [1, null]],
      ['turns', { agent: 'b' }, [2, 3]],
    ]);
  });

  it('are an error with the words of the database', async () => {
    const url = await answering({ exception: 'Unknown identifier' }, 404);
    await expect(askClickHouse(url, 'SELECT', { refId: 'A', isTimeSeries: false })).rejects.toThrow(
      'Unknown identifier',
    );
  });
});

const RANGE = { fromMs: 60_000, toMs: 180_000, stepMs: 60_000, valueName: 'Value' };

function found(result: object[]): object {
  return { status: 'success', data: { resultType: 'matrix', result } };
}

describe('samples of Prometheus', () => {
  it('are lines called by their legend, with gaps where there was no sample', async () => {
    const url = await answering(
      found([
        {
          metric: { tenant: 'acme' },
          values: [
            [60, '1'],
            [180, '3'],
          ],
        },
      ]),
    );
    const [frame] = await askPrometheus(url, { refId: 'A', expr: 'x', legendFormat: 'of {{tenant}}' }, RANGE);
    expect(frame?.fields[0]?.values).toEqual([60_000, 120_000, 180_000]);
    expect(frame?.fields[1]).toMatchObject({ values: [1, null, 3], config: { displayNameFromDS: 'of acme' } });
  });

  it('are a table with a column for each label', async () => {
    const url = await answering(
      found([
        { metric: { tenant: 'acme' }, value: [180, '3'] },
        { metric: { period: 'day' }, value: [180, '4'] },
      ]),
    );
    const [frame] = await askPrometheus(url, { refId: 'A', expr: 'x', instant: true, format: 'table' }, RANGE);
    expect(frame?.fields.map(({ name, values }) => [name, values])).toEqual([
      ['Time', [180_000, 180_000]],
      ['period', ['', 'day']],
      ['tenant', ['acme', '']],
      ['Value', [3, 4]],
    ]);
  });

  it('are rows of a heatmap: each bucket without those below it', async () => {
    const bucket = (le: string, ...values: string[]): object => ({
      metric: { le },
      values: values.map((value, at) => [60 * (at + 1), value]),
    });
    const url = await answering(found([bucket('+Inf', '9', '4'), bucket('1', '2', '4'), bucket('5', '7', '4')]));
    const [frame] = await askPrometheus(url, { refId: 'A', expr: 'x', format: 'heatmap' }, RANGE);
    // 2 up to 1; 7 - 2 up to 5; 9 - 7 above.
    expect(frame?.fields.slice(1).map(({ name, values }) => [name, values])).toEqual([
      ['1', [2, 4]],
      ['5', [5, 0]],
      ['+Inf', [2, 0]],
    ]);
  });
});
