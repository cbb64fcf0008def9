"""Sends one session by OpenTelemetry's exporters for Python: three calls, one of them in another protocol, and a metric of the same."""

import sys

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpanExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

otlp_url, grpc_target, tenant = sys.argv[1:4]
headers = {"x-scope-orgid": tenant}
resource = Resource.create({"service.name": "python-app"})


def spans(exporter, session, calls):
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("app")
    with tracer.start_as_current_span(
        "invoke_agent Writer",
        attributes={"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Writer", "gen_ai.conversation.id": session},
    ):
        for number, (tokens_in, tokens_out) in enumerate(calls):
            with tracer.start_as_current_span("chat gpt-4.1") as span:
                span.set_attributes(
                    {
                        "gen_ai.operation.name": "chat",
                        "gen_ai.provider.name": "openai",
                        "gen_ai.request.model": "gpt-4.1",
                        "gen_ai.response.id": f"{session}-{number}",
                        "gen_ai.conversation.id": session,
                        "gen_ai.usage.input_tokens": tokens_in,
                        "gen_ai.usage.output_tokens": tokens_out,
                    }
                )
    provider.shutdown()


def metric(exporter, tokens):
    meters = MeterProvider(resource=resource, metric_readers=[PeriodicExportingMetricReader(exporter)])
    usage = meters.get_meter("app").create_histogram("gen_ai.client.token.usage", unit="{token}")
    for kind, amount in tokens.items():
        usage.record(
            amount,
            {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1", "gen_ai.token.type": kind},
        )
    meters.shutdown()


for compression in (Compression.NoCompression, Compression.Gzip, Compression.Deflate):
    exporter = OTLPSpanExporter(f"{otlp_url}/v1/traces", headers=headers, compression=compression)
    spans(exporter, f"http-{compression.value}", [(100, 10), (200, 20)])
spans(GrpcSpanExporter(grpc_target, headers=tuple(headers.items()), insecure=True), "grpc", [(1000, 7)])
# What the spans said already, which must not be added.
metric(OTLPMetricExporter(f"{otlp_url}/v1/metrics", headers=headers), {"input": 1900, "output": 97})
assert OTLPLogExporter(f"{otlp_url}/v1/logs", headers=headers).export([]) is not None
