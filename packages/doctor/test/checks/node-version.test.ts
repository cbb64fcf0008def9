import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

const severityOn = async (nodeVersion: string): Promise<string | undefined> =>
  (await findingsOf('node-version', { nodeVersion }))[0]?.severity;

describe('node-version', () => {
  it.for(['v18.20.0', 'v20.19.0', 'v22.14.0'])('finds that %s is too old', async (version) => {
    expect(await severityOn(version)).toBe('loses_data');
  });

  // As supportsSyncHooks() of import-in-the-middle has it.
  it.for(['v22.15.0', 'v22.22.2', 'v23.11.0', 'v24.0.0', 'v24.11.0', 'v25.0.0'])(
    'advises against %s, whose hooks are slow',
    async (version) => {
      expect(await severityOn(version)).toBe('advice');
    },
  );

  it.for(['v22.22.3', 'v22.23.0', 'v24.11.1', 'v24.21.0', 'v25.1.0', 'v26.0.0', 'v26.10.0'])(
    'is content with %s',
    async (version) => {
      expect(await severityOn(version)).toBe('fine');
    },
  );

  it('finds that files ask for a Node that is too old', async () => {
    const findings = await findingsOf('node-version', {
      files: {
        Dockerfile: 'FROM node:20-alpine AS build\nFROM docker.io/library/node:24.11.1\n',
        '.nvmrc': 'v22.3.0\n',
        '.node-version': '22\n',
      },
    });
    expect(
      findings.filter(({ severity }) => severity === 'loses_data').map(({ found, where }) => [found, where]),
    ).toEqual([
      ['Node 20 is too old for the instrumentation: expected >=22.15.0', ['Dockerfile']],
      ['Node 22.3.0 is too old for the instrumentation: expected >=22.15.0', ['.nvmrc']],
    ]);
  });
});
