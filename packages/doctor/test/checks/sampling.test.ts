import { describe, expect, it } from 'vitest';
import { findingsOf, saidOf } from '../app-folder.ts';

describe('sampling', () => {
  it.for([
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 'OTEL_TRACES_SAMPLER=always_off'],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, 'OTEL_TRACES_SAMPLER=parentbased_always_off'],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' },
      'OTEL_TRACES_SAMPLER=parentbased_traceidratio with 0.1',
    ],
    [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'OTEL_TRACES_SAMPLER=jaeger_remote'],
  ])('finds %j', async ([env, found]) => {
    expect(await saidOf('sampling', { env: env as Readonly<Record<string, string>> })).toEqual([
      `loses_data: traces are sampled: ${found as string}`,
    ]);
  });

  it.for([
    {},
    { OTEL_TRACES_SAMPLER: 'always_on' },
    { OTEL_TRACES_SAMPLER: 'parentbased_always_on' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' },
    // The SDK takes 1 for what is missing or outside of [0, 1].
    { OTEL_TRACES_SAMPLER: 'traceidratio' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '7' },
    { OTEL_TRACES_SAMPLER: 'misspelled' },
  ])('is silent about %j', async (env) => {
    expect(await saidOf('sampling', { env: env as Readonly<Record<string, string>> })).toEqual([]);
  });

  it('finds a sampler in the sources, and says so', async () => {
    const [finding, ...others] = await findingsOf('sampling', {
      files: {
        'otel.ts': 'new NodeSDK({\n  sampler: new TraceIdRatioBasedSampler(0.25),\n})',
        'all.ts': 'new TraceIdRatioBasedSampler(1)',
      },
    });
    expect(finding).toMatchObject({
      where: ['otel.ts:2'],
      isHeuristic: true,
      found: 'traces are sampled: new TraceIdRatioBasedSampler(0.25)',
    });
    expect(others).toEqual([]);
  });
});
