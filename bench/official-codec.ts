// The decoder that OpenTelemetry for JavaScript published until it dropped decoding: generated with protobufjs.

import { createRequire } from 'node:module';

interface Codec {
  decode(bytes: Uint8Array): unknown;
}

const { opentelemetry } = createRequire(import.meta.url)('otlp-transformer-protobufjs/build/src/generated/root.js') as {
  opentelemetry: { proto: { collector: { trace: { v1: { ExportTraceServiceRequest: Codec } } } } };
};

export function readWithOfficialCodec(body: Uint8Array): unknown {
  return opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest.decode(body);
}
