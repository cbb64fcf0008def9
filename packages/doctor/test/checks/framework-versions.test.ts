import { describe, expect, it } from 'vitest';
import { findingsOf, saidOf } from '../app-folder.ts';
import { KNOWN_FRAMEWORKS } from '../../src/known-packages.ts';

describe('framework-versions', () => {
  it('finds versions that nothing is attached to, and says who brought them', async () => {
    const findings = await findingsOf('framework-versions', {
      packages: { 'openai@3.3.0': {}, 'agents-kit@1.0.0 > ai@5.0.3': {} },
    });
    expect(findings.map(({ severity, found, where, fix }) => ({ severity, found, where, fix }))).toEqual([
      {
        severity: 'loses_data',
        found: 'openai@3.3.0 is not supported: expected >=4',
        where: ['node_modules/openai'],
        fix: ["npm install 'openai@>=4'"],
      },
      {
        severity: 'loses_data',
        found: 'ai@5.0.3 is not supported: expected >=6.0.111',
        where: ['node_modules/agents-kit/node_modules/ai (through agents-kit@1.0.0)'],
        fix: ['update agents-kit@1.0.0, which brings it'],
      },
    ]);
  });

  it('counts on the own telemetry of older versions where the app’s calls ask for it', async () => {
    const packages = { 'ai@5.0.3': {} };
    expect(await saidOf('framework-versions', { packages })).toEqual([
      'loses_data: ai@5.0.3 is not supported: expected >=6.0.111',
    ]);
    const files = { 'main.js': 'generateText({ model, prompt, experimental_telemetry: { isEnabled: true } })' };
    expect(await saidOf('framework-versions', { packages, files })).toEqual([
      'fine: ai@5.0.3: emits OpenTelemetry itself, for calls with experimental_telemetry',
    ]);
  });

  it('says of others that they are attached, emit by themselves, or are recorded by hand', async () => {
    expect(
      await saidOf('framework-versions', {
        packages: {
          'openai@7.57.0': {},
          '@mastra/core@1.71.0': {},
          'ollama@0.6.0': {},
          'x@1.0.0 > groq-sdk@1.0.0': {},
        },
      }),
    ).toEqual([
      'fine: openai@7.57.0 is supported: @turnmeter/instrumentation attaches to it',
      'fine: @mastra/core@1.71.0: emits OpenTelemetry itself',
      'advice: ollama@0.6.0: nothing is attached to it',
    ]);
  });

  it('knows a package under another name, and pre-releases of a version', async () => {
    expect(
      await saidOf('framework-versions', {
        manifest: { dependencies: { 'openai-6': 'npm:openai@6.30.1' } },
        packages: { 'ai@7.0.0-beta.3': {} },
        files: { 'node_modules/openai-6/package.json': '{"name":"openai","version":"6.30.1"}' },
      }),
    ).toContain('fine: openai@6.30.1 is supported: @turnmeter/instrumentation attaches to it');
    expect(await saidOf('framework-versions', { packages: { 'ai@7.0.0-beta.3': {} } })).toEqual([
      'fine: ai@7.0.0-beta.3 is supported: @turnmeter/instrumentation attaches to it',
    ]);
  });

  it('says what to do where nothing is known', async () => {
    expect(await saidOf('framework-versions', { packages: { 'express@5.1.0': {} } })).toEqual([
      'advice: no agent framework and no client of a model provider that is known here is installed',
    ]);
  });

  it('has one row for each framework', () => {
    const names = KNOWN_FRAMEWORKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
