// OpenTelemetry JS of generation 2 (0.223), which most apps still have: the same by the same names.

import { OTLPLogExporter } from 'exporter-logs-otlp-proto-2';
import { OTLPMetricExporter } from 'exporter-metrics-otlp-proto-2';
import { OTLPTraceExporter as GrpcTraceExporter } from 'exporter-trace-otlp-grpc-2';
import { OTLPTraceExporter as JsonTraceExporter } from 'exporter-trace-otlp-http-2';
import { OTLPTraceExporter as ProtobufTraceExporter } from 'exporter-trace-otlp-proto-2';
import { resourceFromAttributes } from 'resources-2';
import { BatchLogRecordProcessor, LoggerProvider } from 'sdk-logs-2';
import { MeterProvider, PeriodicExportingMetricReader } from 'sdk-metrics-2';
import { BasicTracerProvider as TracerProvider, BatchSpanProcessor, type SpanExporter } from 'sdk-trace-base-2';

export const exporters2 = {
  OTLPLogExporter,
  OTLPMetricExporter,
  GrpcTraceExporter,
  JsonTraceExporter,
  ProtobufTraceExporter,
  resourceFromAttributes,
  BatchLogRecordProcessor,
  LoggerProvider,
  MeterProvider,
  PeriodicExportingMetricReader,
  TracerProvider,
  batching: (exporter: SpanExporter) => new BatchSpanProcessor(exporter),
} as const;
