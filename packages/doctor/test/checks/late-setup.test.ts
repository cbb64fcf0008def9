import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

describe('late-setup', () => {
  const app = {
    packages: { 'openai@7.57.0': {}, '@opentelemetry/sdk-node@0.301.0': {} },
    files: {
      'otel.js': "import { NodeSDK } from '@opentelemetry/sdk-node';\nnew NodeSDK().start();",
      'app.js': "import './otel.js';\nimport OpenAI from 'openai';",
    },
  };

  it('finds an SDK that is set up inside of a program of ES modules', async () => {
    const [finding] = await findingsOf('late-setup', {
      ...app,
      manifest: { type: 'module', scripts: { start: 'node app.js' } },
    });
    expect(finding).toMatchObject({
      severity: 'loses_data',
      isHeuristic: true,
      where: ['otel.js:2', 'package.json: scripts.start'],
      fix: [
        'node --import @turnmeter/instrumentation/register app.js',
        'or preload the file that sets it up: node --import ./otel.js app.js',
      ],
    });
  });

  it.for([
    ['it is preloaded', { type: 'module', scripts: { start: 'node --import ./otel.js app.js' } }],
    ['the program is CommonJS', { scripts: { start: 'node app.js' } }],
  ] as const)('is silent where %s', async ([, manifest]) => {
    expect(await findingsOf('late-setup', { ...app, manifest })).toEqual([]);
  });
});
