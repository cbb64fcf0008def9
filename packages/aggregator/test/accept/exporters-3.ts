// OpenTelemetry JS of generation 3 (0.301): what a test makes spans, logs and metrics with, and sends them with.

import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';

export const exporters3 = {
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
  batching: (exporter: SpanExporter) => new BatchSpanProcessor({ exporter }),
} as const;
