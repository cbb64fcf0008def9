// OTLP requests by the code that protobufjs generated for OpenTelemetry's own exporters (otlp-transformer 0.208): an encoder and a decoder
// that are not ours.

import { createRequire } from 'node:module';
import type { Signal } from '@turnmeter/accounting';

interface Message {
  decode(bytes: Uint8Array): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  fromObject(object: unknown): unknown;
  toObject(message: unknown, options: object): Record<string, unknown>;
}

const { opentelemetry } = createRequire(import.meta.url)(
  'otlp-transformer-protobufjs/build/src/generated/root.js',
) as Root;

interface Root {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: {
        readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: Message } };
        readonly logs: { readonly v1: { readonly ExportLogsServiceRequest: Message } };
        readonly metrics: { readonly v1: { readonly ExportMetricsServiceRequest: Message } };
      };
    };
  };
}

const { trace, logs, metrics } = opentelemetry.proto.collector;
const REQUESTS: Readonly<Record<Signal, Message>> = {
  span: trace.v1.ExportTraceServiceRequest,
  log: logs.v1.ExportLogsServiceRequest,
  metric: metrics.v1.ExportMetricsServiceRequest,
};

/** A request in OTLP's own words, ids as hexadecimal text and 64-bit integers as decimal text: what OTLP/JSON looks like. */
export type PlainRequest = Record<string, unknown>;

/** A request object (as OTLP/JSON has it) to protobuf. */
export function toProtobuf(signal: Signal, request: PlainRequest): Buffer {
  const message = REQUESTS[signal];
  return Buffer.from(message.encode(message.fromObject(mapIds(request, (id) => Buffer.from(id, 'hex')))).finish());
}

/** Protobuf to a request object, as OTLP/JSON has it. */
export function fromProtobuf(signal: Signal, bytes: Uint8Array): PlainRequest {
  const message = REQUESTS[signal];
  const plain = message.toObject(message.decode(bytes), { longs: String, json: true });
  return mapIds(plain, (id) => Buffer.from(id).toString('hex')) as PlainRequest;
}

const ID_FIELDS = new Set(['traceId', 'spanId', 'parentSpanId']);

/** Ids are the one thing that OTLP/JSON writes otherwise than protobuf's own JSON; bytes are base64 there. */
function mapIds(value: unknown, convert: (id: never) => unknown, key = ''): unknown {
  if (ID_FIELDS.has(key)) return convert(value as never);
  if (key === 'bytesValue' && value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((item) => mapIds(item, convert));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapIds(inner, convert, name)]));
}
