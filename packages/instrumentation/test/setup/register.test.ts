import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOtlpSink, type OtlpSink } from '../otlp-sink.ts';
import { REGISTER, runApp } from '../run-app.ts';

let sink: OtlpSink;
beforeEach(async () => {
  sink = await startOtlpSink();
});
afterEach(() => sink[Symbol.asyncDispose]());

describe.each(['manual.mjs', 'manual.cjs'])('an app that has no SDK (%s)', (app) => {
  it('has its telemetry sent when it has nothing more to do', async () => {
    const run = await runApp({ app, env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url } });
    expect(run).toMatchObject({ code: 0, stdout: 'worked\n', stderr: '' });
    expect(sink.spanNames()).toEqual(['own work']);
    expect(sink.metricNames()).toEqual(['orders']);
    expect(sink.serviceNames()).toEqual(['the-app']);
  });

  it.each([
    ['exit', 3],
    ['throw', 1],
  ])('has its spans sent when it ends at once, by %s', async (ending, code) => {
    const run = await runApp({ app, args: [ending], env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url } });
    expect(run).toMatchObject({ code, stdout: 'worked\n' });
    expect(sink.spanNames()).toEqual(['own work']);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('has them sent at %s, and ends by it', async (name) => {
    const run = await runApp({
      app,
      args: ['wait'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
      signal: { at: 'worked', name },
    });
    expect(run).toMatchObject({ code: null, signal: name });
    expect(sink.spanNames()).toEqual(['own work']);
    expect(sink.metricNames()).toEqual(['orders']);
  });
});

describe('an app whose backend', () => {
  it('is away works as before, and is told once', async () => {
    const run = await runApp({ app: 'manual.mjs', env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
    expect(run).toMatchObject({ code: 0, stdout: 'worked\n' });
    expect(run.stderr).toMatch(/^turnmeter: [^\n]+\n(turnmeter: [^\n]+\n)?$/);
  });

  it('refuses works as before, and is told what is lost', async () => {
    const refusing = await startOtlpSink({ status: 400 });
    const run = await runApp({ app: 'manual.mjs', env: { OTEL_EXPORTER_OTLP_ENDPOINT: refusing.url } });
    expect(run).toMatchObject({ code: 0, stdout: 'worked\n' });
    expect(run.stderr).toContain(`telemetry does not reach ${refusing.url}/v1/traces (400)`);
    await refusing[Symbol.asyncDispose]();
  });
});

describe('an app with settings that make no sense', () => {
  it('has its telemetry sent by the defaults', async () => {
    const nonsense = {
      OTEL_METRIC_EXPORT_INTERVAL: 'soon',
      OTEL_METRIC_EXPORT_TIMEOUT: '-1',
      OTEL_BSP_SCHEDULE_DELAY: 'x',
    };
    const run = await runApp({ app: 'manual.mjs', env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, ...nonsense } });
    expect(run).toMatchObject({ code: 0, stdout: 'worked\n' });
    expect(sink.spanNames()).toEqual(['own work']);
    expect(sink.metricNames()).toEqual(['orders']);
  });
});

describe('an app whose metrics are fetched by Prometheus', () => {
  it('works as before where the port is in use, and is told', async () => {
    const { port } = new URL(sink.url);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
      OTEL_EXPORTER_PROMETHEUS_PORT: port,
    };
    const run = await runApp({ app: 'manual.mjs', env });
    expect(run).toMatchObject({ code: 0, stdout: 'worked\n' });
    expect(run.stderr).toMatch(/^turnmeter: listen EADDRINUSE[^\n]*\n$/);
    expect(sink.spanNames()).toEqual(['own work']);
  });
});

describe('an app that sets up its own SDK', () => {
  it('is joined: its SDK is the only one', async () => {
    const run = await runApp({ app: 'own-sdk.mjs', env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url } });
    expect(run).toMatchObject({ code: 0, stdout: 'active true\nown own work\n', stderr: '' });
    expect(sink.spanNames()).toEqual([]);
  });

  it('is joined where it was there before the flag', async () => {
    const flags = ['--import', './own-sdk.mjs', '--import', REGISTER];
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    const run = await runApp({ app: 'manual.mjs', flags, env, isRegistered: false });
    expect(run).toMatchObject({ code: 0, stdout: 'active true\nown own work\nown own work\nworked\n', stderr: '' });
    expect(sink.spanNames()).toEqual([]);
  });

  it('takes over where ours had started already, which sends what it has', async () => {
    const run = await runApp({ app: 'own-sdk.mjs', args: ['late'], env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url } });
    expect(run).toMatchObject({ code: 0, stdout: 'active true\nown own work\n', stderr: '' });
    expect(sink.spanNames()).toEqual(['before']);
  });
});

describe('an app whose own SDK has instrumentations', () => {
  const stdout = 'own early work\nown instrumented work\nmetrics calls kept size watched\n';

  it('loses none of what they and it emit, though they were made before the SDK', async () => {
    const run = await runApp({ app: 'instrumented-sdk.mjs', env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url } });
    expect(run).toMatchObject({ code: 0, stdout, stderr: '' });
    expect(sink.spanNames()).toEqual([]);
  });

  it('loses none of it where ours had started already', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    const run = await runApp({ app: 'instrumented-sdk.mjs', args: ['late'], env });
    expect(run).toMatchObject({ code: 0, stdout, stderr: '' });
    expect(sink.spanNames()).toEqual(['before']);
  });
});

describe('an app that calls no model', () => {
  it('runs without an SDK, and its environment is its own', async () => {
    expect(await runApp({ app: 'quiet.mjs' })).toMatchObject({ code: 0, stdout: 'worked 0\n', stderr: '' });
  });

  it('runs with telemetry switched off', async () => {
    const env = { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    expect(await runApp({ app: 'manual.mjs', env })).toMatchObject({ code: 0, stderr: '' });
    expect(sink.spanNames()).toEqual([]);
  });
});
