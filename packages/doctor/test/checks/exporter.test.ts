import { describe, expect, it } from 'vitest';
import { findingsOf, saidOf } from '../app-folder.ts';

const found = async (env: Readonly<Record<string, string>>): Promise<readonly string[]> => saidOf('exporter', { env });
const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const TRACES = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
const PROTOCOL = 'OTEL_EXPORTER_OTLP_PROTOCOL';

describe('exporter', () => {
  it.for([
    [{ OTEL_SDK_DISABLED: 'TRUE' }, 'loses_data: OTEL_SDK_DISABLED=TRUE'],
    [{ OTEL_TRACES_EXPORTER: 'none' }, 'loses_data: OTEL_TRACES_EXPORTER=none'],
    [{ OTEL_TRACES_EXPORTER: 'console' }, 'loses_data: OTEL_TRACES_EXPORTER=console'],
    [{ OTEL_TRACES_EXPORTER: 'otlp,none' }, 'loses_data: OTEL_TRACES_EXPORTER=otlp,none'],
    [{ OTEL_METRICS_EXPORTER: 'none' }, 'advice: OTEL_METRICS_EXPORTER=none'],
    [{ [ENDPOINT]: 'http://127.0.0.1:4318/v1/traces' }, `loses_data: ${ENDPOINT}=http://127.0.0.1:4318/v1/traces`],
    [{ [TRACES]: 'http://127.0.0.1:4318' }, `loses_data: ${TRACES}=http://127.0.0.1:4318/`],
    [{ [ENDPOINT]: '127.0.0.1:4318' }, `loses_data: ${ENDPOINT}=127.0.0.1:4318 is no address`],
    [{ [ENDPOINT]: 'localhost:4318' }, `loses_data: ${ENDPOINT}=localhost:4318 is no address`],
    [{ [ENDPOINT]: 'http://127.0.0.1:4317' }, `loses_data: ${ENDPOINT}=http://127.0.0.1:4317/ with http/protobuf`],
    [
      { [ENDPOINT]: 'http://127.0.0.1:4318', [PROTOCOL]: 'grpc' },
      `loses_data: ${ENDPOINT}=http://127.0.0.1:4318/ with grpc`,
    ],
    [{ [ENDPOINT]: 'http://127.0.0.1:8318' }, `loses_data: ${ENDPOINT}=http://127.0.0.1:8318/`],
    [{ [PROTOCOL]: 'http' }, `wrong_figures: ${PROTOCOL}=http is no protocol`],
    [
      { OTEL_EXPORTER_OTLP_HEADERS: 'Authorization: Bearer abc' },
      'loses_data: OTEL_EXPORTER_OTLP_HEADERS is not a list of name=value',
    ],
  ] as const)('finds %j', async ([env, said]) => {
    expect(await found(env as Readonly<Record<string, string>>)).toEqual([said]);
  });

  it.for([
    { OTEL_SDK_DISABLED: 'false' },
    { OTEL_SDK_DISABLED: '' },
    { OTEL_TRACES_EXPORTER: 'otlp,console', OTEL_METRICS_EXPORTER: 'prometheus' },
    { [ENDPOINT]: 'http://127.0.0.1:4318' },
    { [ENDPOINT]: 'https://collector.example/otlp/' },
    { [ENDPOINT]: 'http://127.0.0.1:4317', [PROTOCOL]: 'grpc' },
    { [TRACES]: 'http://127.0.0.1:4318/v1/traces' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc,x-scope-orgid=acme' },
  ])('is silent about %j', async (env) => {
    expect(await found(env as Readonly<Record<string, string>>)).toEqual([]);
  });

  it('never shows what is in headers', async () => {
    const findings = await findingsOf('exporter', {
      env: { OTEL_EXPORTER_OTLP_HEADERS: 'authorization: Bearer s3cret' },
    });
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain('s3cret');
  });

  it('shows no password of an address', async () => {
    const findings = await findingsOf('exporter', { env: { [ENDPOINT]: 'http://me:s3cret@127.0.0.1:4317' } });
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain('s3cret');
  });

  it('reads settings in files, too, and says where', async () => {
    const findings = await findingsOf('exporter', {
      files: {
        '.env': '# telemetry\nOTEL_TRACES_EXPORTER = "none" # off\n',
        'docker-compose.yml': 'services:\n  app:\n    environment:\n      OTEL_SDK_DISABLED: "true"\n',
        Dockerfile: 'FROM node:24\nENV OTEL_TRACES_EXPORTER=otlp\nENV OTEL_EXPORTER_OTLP_ENDPOINT=${COLLECTOR}\n',
      },
    });
    expect(findings.map(({ found: what, where }) => [what, where])).toEqual([
      ['OTEL_SDK_DISABLED=true', ['docker-compose.yml:4']],
      ['OTEL_TRACES_EXPORTER=none', ['.env:2']],
    ]);
  });
});
