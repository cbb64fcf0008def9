// Answers read by code that is not ours: OTLP's by OpenTelemetry's exporters, google.rpc.Status by protobufjs from its definition.

import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import protobuf from 'protobufjs';

export const deserializers = {
  '/v1/traces': (bytes: Uint8Array): unknown => ProtobufTraceSerializer.deserializeResponse(bytes),
  '/v1/logs': (bytes: Uint8Array): unknown => ProtobufLogsSerializer.deserializeResponse(bytes),
  '/v1/metrics': (bytes: Uint8Array): unknown => ProtobufMetricsSerializer.deserializeResponse(bytes),
} as const;

// google/rpc/status.proto, google/rpc/error_details.proto, google/protobuf/{any,duration}.proto.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message RetryInfo { Duration retry_delay = 1; }
`);

export interface PlainStatus {
  readonly code: number;
  readonly message: string;
  /** Of a RetryInfo; undefined when there is none. */
  readonly retrySeconds: number | undefined;
}

export function readStatus(bytes: Uint8Array): PlainStatus {
  const status = root.lookupType('Status').toObject(root.lookupType('Status').decode(bytes), { defaults: true }) as {
    code: number;
    message: string;
    details: { typeUrl: string; value: Uint8Array }[];
  };
  const detail = status.details.find(({ typeUrl }) => typeUrl === 'type.googleapis.com/google.rpc.RetryInfo');
  const type = root.lookupType('RetryInfo');
  const info =
    detail &&
    (type.toObject(type.decode(detail.value), { defaults: true, longs: Number }) as {
      retryDelay: { seconds: number; nanos: number };
    });
  return {
    code: status.code,
    message: status.message,
    retrySeconds: info && info.retryDelay.seconds + info.retryDelay.nanos / 1e9,
  };
}
