// Sends sessions by OpenTelemetry's exporters for Go: two calls over HTTP with gzip, one over gRPC.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

type call struct{ in, out int64 }

func main() {
	ctx := context.Background()
	otlpURL, grpcTarget, tenant := os.Args[1], os.Args[2], os.Args[3]
	headers := map[string]string{"x-scope-orgid": tenant}
	http, err := otlptracehttp.New(ctx,
		otlptracehttp.WithEndpointURL(otlpURL+"/v1/traces"),
		otlptracehttp.WithCompression(otlptracehttp.GzipCompression),
		otlptracehttp.WithHeaders(headers))
	if err != nil {
		log.Fatal(err)
	}
	send(ctx, http, "http", []call{{100, 10}, {200, 20}})
	grpc, err := otlptracegrpc.New(ctx,
		otlptracegrpc.WithEndpoint(grpcTarget),
		otlptracegrpc.WithInsecure(),
		otlptracegrpc.WithHeaders(headers))
	if err != nil {
		log.Fatal(err)
	}
	send(ctx, grpc, "grpc", []call{{1000, 7}})
}

func send(ctx context.Context, exporter trace.SpanExporter, session string, calls []call) {
	app := resource.NewSchemaless(attribute.String("service.name", "go-app"))
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(app))
	tracer := provider.Tracer("app")
	ctx, agent := tracer.Start(ctx, "invoke_agent Writer")
	agent.SetAttributes(
		attribute.String("gen_ai.operation.name", "invoke_agent"),
		attribute.String("gen_ai.agent.name", "Writer"),
		attribute.String("gen_ai.conversation.id", session))
	for number, one := range calls {
		_, span := tracer.Start(ctx, "chat gpt-4.1")
		span.SetAttributes(
			attribute.String("gen_ai.operation.name", "chat"),
			attribute.String("gen_ai.provider.name", "openai"),
			attribute.String("gen_ai.request.model", "gpt-4.1"),
			attribute.String("gen_ai.response.id", fmt.Sprintf("%s-%d", session, number)),
			attribute.String("gen_ai.conversation.id", session),
			attribute.Int64("gen_ai.usage.input_tokens", one.in),
			attribute.Int64("gen_ai.usage.output_tokens", one.out))
		span.End()
	}
	agent.End()
	if err := provider.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
}
