import { describe, expect, it } from 'vitest';
import { saidOf, TURNMETER_PACKAGES } from '../app-folder.ts';

describe('unobserved', () => {
  const SDK = {
    'otel.cjs':
      "new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] }).start(); require('@opentelemetry/auto-instrumentations-node')",
  };
  const said = (
    packages: Readonly<Record<string, object>>,
    files: Readonly<Record<string, string>> = SDK,
  ): Promise<readonly string[]> =>
    saidOf('unobserved', { packages: packages as Record<string, Record<string, unknown>>, files });

  it('finds clients that no instrumentation reports, though an SDK is set up', async () => {
    expect(await said({ 'openai@7.57.0': {}, 'x@1.0.0 > @anthropic-ai/sdk@1.0.0': {} })).toEqual([
      'loses_data: OpenTelemetry is set up, and nothing reports the calls of openai@7.57.0',
    ]);
  });

  it('finds one whose only instrumentation passes it over', async () => {
    const chain = '@opentelemetry/auto-instrumentations-node@0.99.0 > @opentelemetry/instrumentation-openai@0.22.0';
    const dead = {
      ...SDK,
      'node_modules/@opentelemetry/auto-instrumentations-node/node_modules/@opentelemetry/instrumentation-openai/a.js':
        "new InstrumentationNodeModuleDefinition('openai', ['>=4 <7'], p)",
    };
    expect(await said({ 'openai@7.57.0': {}, [chain]: {} }, dead)).toHaveLength(1);
    expect(await said({ 'openai@6.30.1': {}, [chain]: {} }, dead)).toEqual([]);
  });

  it.for([
    ['nothing is set up, which is said elsewhere', {}, {}],
    [
      'Turnmeter’s instrumentations are handed to the SDK',
      TURNMETER_PACKAGES,
      { 'a.js': "import { turnmeterInstrumentations } from '@turnmeter/instrumentation'; new NodeSDK({})" },
    ],
    [
      'another reports it',
      { '@langfuse/openai@5.0.0': {} },
      { 'a.js': "observeOpenAI(); new NodeSDK({}); import '@langfuse/openai'" },
    ],
  ] as const)('is silent where %s', async ([, packages, files]) => {
    expect(await said({ 'openai@7.57.0': {}, ...packages }, files)).toEqual([]);
  });

  it('is silent about frameworks that report themselves, or are asked to', async () => {
    expect(await said({ '@strands-agents/sdk@1.19.0': {} })).toEqual([]);
    expect(
      await said(
        { 'ai@6.0.326': {} },
        { 'a.js': 'new NodeSDK({}); generateText({ experimental_telemetry: { isEnabled: true } })' },
      ),
    ).toEqual([]);
  });
});
