import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** Takes OTLP over HTTP as JSON and keeps it. */
export interface OtlpSink {
  readonly url: string;
  /** Names of the spans that came, in order. */
  spanNames(): readonly string[];
  spans(): readonly SinkSpan[];
  /** Names of the metrics that came. */
  metricNames(): readonly string[];
  /** `service.name` of what came. */
  serviceNames(): readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SinkSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface WireAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface WireRequest {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly WireAttribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<SinkSpan, 'attributes'> & { attributes: WireAttribute[] })[];
    }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string }[] }[];
  }[];
}

/** `status` is what it answers. */
export async function startOtlpSink({ status = 200 }: { readonly status?: number } = {}): Promise<OtlpSink> {
  const requests: WireRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      if (status === 200) requests.push(JSON.parse(text.toString('utf8')) as WireRequest);
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const resources = (): NonNullable<WireRequest['resourceSpans']> =>
    requests.flatMap((request) => request.resourceSpans ?? []);
  const spans = (): SinkSpan[] =>
    resources().flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, attributes: plain(span.attributes) }))),
    );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    spanNames: () => spans().map(({ name }) => name),
    metricNames: () =>
      requests.flatMap(({ resourceMetrics = [] }) =>
        resourceMetrics.flatMap(({ scopeMetrics }) =>
          scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
        ),
      ),
    serviceNames: () => resources().map(({ resource }) => String(plain(resource.attributes)['service.name'])),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function plain(attributes: readonly WireAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
