import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

describe('native-telemetry', () => {
  it('finds that Mastra has nothing to export with', async () => {
    const [finding] = await findingsOf('native-telemetry', { packages: { '@mastra/core@1.71.0': {} } });
    expect(finding).toMatchObject({
      severity: 'loses_data',
      found: '@mastra/core@1.71.0 emits nothing yet: @mastra/observability is missing',
      fix: ['npm install @mastra/observability'],
    });
  });

  it('finds settings without which Claude’s child process exports nothing', async () => {
    const [finding] = await findingsOf('native-telemetry', {
      packages: { '@anthropic-ai/claude-agent-sdk@0.3.330': {} },
      env: { OTEL_LOGS_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp' },
    });
    expect(finding?.found).toContain('CLAUDE_CODE_ENABLE_TELEMETRY=1 is missing');
  });

  it.for([
    ['the package is there', { packages: { '@mastra/core@1.71.0': {}, '@mastra/observability@1.2.0': {} } }],
    [
      'the sources hand the settings on',
      {
        packages: { '@anthropic-ai/claude-agent-sdk@0.3.330': {} },
        files: {
          'a.js':
            "env: { CLAUDE_CODE_ENABLE_TELEMETRY: '1', OTEL_LOGS_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp' }",
        },
      },
    ],
    ['it emits without being asked', { packages: { '@strands-agents/sdk@1.19.0': {} } }],
  ] as const)('is silent where %s', async ([, plan]) => {
    expect(await findingsOf('native-telemetry', plan)).toEqual([]);
  });
});
