import { describe, expect, it } from 'vitest';
import { findingsOf, LOADED, saidOf, TURNMETER_PACKAGES } from '../app-folder.ts';

const WRAPS_OPENAI = "new InstrumentationNodeModuleDefinition('openai', ['>=5'], patch)";
const OPENINFERENCE = { 'node_modules/@arizeai/openinference-instrumentation-openai/index.js': WRAPS_OPENAI };

describe('double-instrumentation', () => {
  it('finds two that wrap one client', async () => {
    expect(
      await findingsOf('double-instrumentation', {
        packages: {
          'openai@7.57.0': {},
          '@langfuse/openai@5.11.1': {},
          '@arizeai/openinference-instrumentation-openai@5.0.0': {},
        },
        files: OPENINFERENCE,
      }),
    ).toEqual([
      expect.objectContaining({
        severity: 'wrong_figures',
        found: 'calls of openai are reported by 2: @langfuse/openai, @arizeai/openinference-instrumentation-openai',
        fix: [
          'keep one of them: npm uninstall @langfuse/openai, or npm uninstall @arizeai/openinference-instrumentation-openai',
        ],
      }),
    ]);
  });

  it('is advice beside Turnmeter, which counts each call once', async () => {
    expect(
      await saidOf('double-instrumentation', {
        manifest: LOADED,
        packages: {
          ...TURNMETER_PACKAGES,
          'openai@7.57.0': {},
          '@arizeai/openinference-instrumentation-openai@5.0.0': {},
        },
        files: OPENINFERENCE,
      }),
    ).toEqual([
      'advice: calls of openai are reported by 2: @turnmeter/instrumentation, @arizeai/openinference-instrumentation-openai',
    ]);
  });

  it('finds an instrumentation of a framework that emits OpenTelemetry itself', async () => {
    expect(
      await saidOf('double-instrumentation', {
        packages: { '@strands-agents/sdk@1.19.0': {}, 'openlit@1.15.0': {} },
        files: {
          'node_modules/openlit/index.js':
            "const SUPPORTED_VERSIONS = ['>=0.1.0'];\nnew InstrumentationNodeModuleDefinition('@strands-agents/sdk', SUPPORTED_VERSIONS, p)",
        },
      }),
    ).toEqual(['wrong_figures: calls of @strands-agents/sdk are reported by 2: @strands-agents/sdk itself, openlit']);
  });

  it.for([
    ['one of them passes the version over', { 'openai@4.100.0': {} }, {}],
    ['one of them is installed and used nowhere', { 'openai@7.57.0': {} }, { 'app.js': "import '@langfuse/openai'" }],
    ['there is no such client', {}, {}],
  ] as const)('is silent where %s', async ([, client, sources]) => {
    expect(
      await saidOf('double-instrumentation', {
        packages: {
          ...client,
          '@langfuse/openai@5.11.1': {},
          '@arizeai/openinference-instrumentation-openai@5.0.0': {},
        },
        files: { ...OPENINFERENCE, ...sources },
      }),
    ).toEqual([]);
  });

  it('leaves frameworks that emit by themselves alone, also beside Turnmeter', async () => {
    expect(
      await saidOf('double-instrumentation', {
        manifest: LOADED,
        packages: {
          ...TURNMETER_PACKAGES,
          '@mastra/core@1.71.0': {},
          '@google/adk@2.0.0': {},
          '@voltagent/core@2.10.0': {},
          'openai@7.57.0': {},
        },
      }),
    ).toEqual([]);
  });
});
