/** Where spans go by OpenTelemetry's standard variables. */
export interface TraceDestination {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function traceDestination(env: NodeJS.ProcessEnv = process.env): TraceDestination {
  const own = textOf(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  const common = textOf(env['OTEL_EXPORTER_OTLP_ENDPOINT']) ?? 'http://localhost:4318';
  return {
    // The variable of one signal is the whole address; the common one is what all signals' paths are below.
    url: own ?? `${common.replace(/\/+$/, '')}/v1/traces`,
    headers: {
      ...parseHeaders(env['OTEL_EXPORTER_OTLP_HEADERS']),
      ...parseHeaders(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS']),
    },
  };
}

/** Whether a signal goes over OTLP/HTTP. */
export function isOtlpHttp(signal: 'TRACES' | 'METRICS', env: NodeJS.ProcessEnv = process.env): boolean {
  const protocol = textOf(env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`]) ?? textOf(env['OTEL_EXPORTER_OTLP_PROTOCOL']);
  return protocol !== 'grpc';
}

/** The exporters that a signal's variable names; `otlp` where it names none. */
export function exportersOf(signal: 'TRACES' | 'METRICS', env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const named = (env[`OTEL_${signal}_EXPORTER`] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return named.length === 0 ? ['otlp'] : [...new Set(named)];
}

/** `a=1,b=2` with values percent-encoded, as in W3C Baggage. */
function parseHeaders(text: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of (text ?? '').split(',')) {
    const at = pair.indexOf('=');
    if (at < 1) continue;
    headers[pair.slice(0, at).trim().toLowerCase()] = decoded(pair.slice(at + 1).trim());
  }
  return headers;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function textOf(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
