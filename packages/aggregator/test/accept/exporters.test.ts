// OpenTelemetry's own exporters as clients, through the doors and the decoder.

import { context, SeverityNumber, trace } from '@opentelemetry/api';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { TelemetryRecord } from '@turnmeter/accounting';
import { afterEach, describe, expect, it } from 'vitest';
import { Decoder } from '../../src/decode/decoder.ts';
import { OverloadError } from '../../src/overload-error.ts';
import { dumpRecord, PROFILES } from '../decode/record-dump.ts';
import { exporters2 } from './exporters-2.ts';
import { exporters3 } from './exporters-3.ts';
import { type Doors, openDoors } from './open-doors.ts';

type Exporters = typeof exporters3;

const GENERATIONS: readonly (readonly [number, Exporters])[] = [
  [3, exporters3],
  // The same calls; only declarations differ.
  [2, exporters2 as unknown as Exporters],
];

let doors: Doors | undefined;

afterEach(async () => {
  await doors?.stop(1000);
  doors = undefined;
});

/** Doors with a decoder behind them. */
async function openDecoding(): Promise<{ doors: Doors; records: readonly Record<string, unknown>[] }> {
  const decoder = new Decoder({ profiles: PROFILES });
  const records: Record<string, unknown>[] = [];
  doors = await openDoors({
    ingest: (request) => {
      decoder.decode(request, (record: TelemetryRecord) => records.push(dumpRecord(record)));
      return Promise.resolve({ rejected: 0, message: '' });
    },
  });
  return { doors, records };
}

const RESOURCE = { 'service.name': 'exporter-test' };

async function exportSpans(exporters: Exporters, exporter: SpanExporter): Promise<void> {
  const provider = new exporters.TracerProvider({
    resource: exporters.resourceFromAttributes(RESOURCE),
    spanProcessors: [exporters.batching(exporter)],
  });
  const tracer = provider.getTracer('test-scope', '1.0.0');
  const root = tracer.startSpan('invoke_agent Planner', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } });
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 1_000_000,
    'gen_ai.response.finish_reasons': ['stop'],
  };
  const chat = tracer.startSpan('chat', { attributes }, trace.setSpan(context.active(), root));
  chat.recordException(new TypeError('boom'));
  chat.end();
  root.end();
  await provider.shutdown();
}

describe.each(GENERATIONS)("OpenTelemetry's exporters of generation %i", (_generation, exporters) => {
  it.each(['http/protobuf', 'http/json', 'grpc'])('deliver spans over %s, plain and compressed', async (protocol) => {
    for (const compression of [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP]) {
      const { doors: open, records } = await openDecoding();
      const url = `${open.url}/v1/traces`;
      await exportSpans(
        exporters,
        protocol === 'grpc'
          ? new exporters.GrpcTraceExporter({ url: `http://127.0.0.1:${open.grpcPort}`, compression })
          : protocol === 'http/json'
            ? new exporters.JsonTraceExporter({ url, compression })
            : new exporters.ProtobufTraceExporter({ url, compression }),
      );
      expect(records).toMatchObject([
        {
          name: 'chat',
          exceptionType: 'TypeError',
          scope: { name: 'test-scope', version: '1.0.0' },
          attributes: {
            values: { 'gen_ai.usage.input_tokens': 1_000_000, 'gen_ai.response.finish_reasons': ['stop'] },
          },
          resource: { values: { 'service.name': 'exporter-test' } },
        },
        { name: 'invoke_agent Planner', parentId: '' },
      ]);
      expect(records[0]).toMatchObject({ parentId: records[1]?.['spanId'], traceId: records[1]?.['traceId'] });
      await open.stop(1000);
    }
  });

  it('deliver logs and metrics', async () => {
    const { doors: open, records } = await openDecoding();
    const resource = exporters.resourceFromAttributes(RESOURCE);
    const logs = new exporters.LoggerProvider({
      resource,
      processors: [
        new exporters.BatchLogRecordProcessor({
          exporter: new exporters.OTLPLogExporter({ url: `${open.url}/v1/logs` }),
        }),
      ],
    });
    logs
      .getLogger('test-logs')
      .emit({ eventName: 'api_request', severityNumber: SeverityNumber.INFO, body: 'text', attributes: { tokens: 5 } });
    await logs.shutdown();
    const reader = new exporters.PeriodicExportingMetricReader({
      exporter: new exporters.OTLPMetricExporter({ url: `${open.url}/v1/metrics` }),
      exportIntervalMillis: 3_600_000,
    });
    const metrics = new exporters.MeterProvider({ resource, readers: [reader] });
    metrics.getMeter('test-metrics').createCounter('tokens').add(7, { type: 'input' });
    metrics.getMeter('test-metrics').createHistogram('usage', { unit: '{token}' }).record(30);
    await metrics.shutdown();
    expect(records).toMatchObject([
      { signal: 'log', eventName: 'api_request', bodyText: 'text', attributes: { values: { tokens: 5 } } },
      {
        signal: 'metric',
        metric: 'tokens',
        value: 7,
        temporality: 'cumulative',
        attributes: { values: { type: 'input' } },
      },
      { signal: 'metric', metric: 'usage', unit: '{token}', kind: 'histogram', value: 30, count: 1 },
    ]);
  });

  it('send again what was answered with 503, and lose nothing', async () => {
    let refusals = 2;
    doors = await openDoors({
      ingest: () => {
        if (refusals-- > 0) return Promise.reject(new OverloadError('book_behind', 'please wait', 100));
        return Promise.resolve({ rejected: 0, message: '' });
      },
    });
    await exportSpans(exporters, new exporters.ProtobufTraceExporter({ url: `${doors.url}/v1/traces` }));
    await expect.poll(() => doors?.requests.length, { timeout: 20_000 }).toBe(3);
    expect(doors.requests[2]?.body).toEqual(doors.requests[0]?.body);
  });
});
