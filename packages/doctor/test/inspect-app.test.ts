import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DoctorError, inspectApp } from '../src/index.ts';
import { newFolder, writeApp } from './app-folder.ts';

describe('an inspection of a folder', () => {
  it('is refused where there is no app', async () => {
    const folder = await newFolder();
    await expect(inspectApp({ folder })).rejects.toThrow(DoctorError);
    await expect(inspectApp({ folder })).rejects.toMatchObject({ code: 'no_app', retryable: false });
    const broken = await writeApp({ files: { 'package.json': '{ "name": ' } });
    await expect(inspectApp({ folder: broken })).rejects.toMatchObject({ code: 'no_app' });
  });

  it.for([
    ['workspaces of npm and yarn', { workspaces: ['apps/*', '!apps/old'] }, {}],
    ['workspaces of old yarn', { workspaces: { packages: ['./apps/*', '!apps/old'] } }, {}],
    [
      'workspaces of pnpm',
      {},
      { 'pnpm-workspace.yaml': "# all\npackages:\n  - 'apps/**' # ours\n  - '!apps/old'\noverrides:\n  x: 1\n" },
    ],
    ['a list on one line', {}, { 'pnpm-workspace.yaml': 'packages: [\'apps/*\', "!apps/old"]\n' }],
  ] as const)('looks into each app of %s, and names it', async ([, manifest, files]) => {
    const part = (name: string, dependencies: object): string => JSON.stringify({ name, dependencies });
    const folder = await writeApp({
      manifest,
      files: {
        ...files,
        'apps/writer/package.json': part('writer', { openai: '^7.0.0' }),
        'apps/site/package.json': part('site', { react: '^19.0.0' }),
        'apps/old/package.json': part('old', { openai: '^3.0.0' }),
        'node_modules/openai/package.json': '{"name":"openai","version":"7.57.0"}',
      },
    });
    const findings = await inspectApp({ folder, env: {} });
    expect(new Set(findings.map(({ subject }) => subject))).toEqual(new Set(['apps/writer']));
    expect(findings.map(({ found }) => found)).toContain(
      'openai@7.57.0 is supported: @turnmeter/instrumentation attaches to it',
    );
  });

  it('takes this repository as it is installed: real packages, linked by pnpm', async () => {
    const folder = path.join(import.meta.dirname, '../../instrumentation');
    const findings = await inspectApp({ folder, env: {}, nodeVersion: 'v24.21.0' });
    const fine = findings.filter(({ severity }) => severity === 'fine').map(({ found }) => found);
    for (const name of ['openai', '@openai/agents', '@langchain/core', 'ai', '@anthropic-ai/sdk', '@google/genai']) {
      expect(fine).toContainEqual(expect.stringMatching(new RegExp(`^${name}@\\d+\\.\\d+\\.\\d+ is supported: `)));
    }
    expect(findings.filter(({ check, severity }) => check === 'api-versions' && severity !== 'fine')).toEqual([]);
  });

  it('reads a file that is huge only in part, and says when there were more files than it reads', async () => {
    const folder = await writeApp({
      packages: { 'openai@7.57.0': {} },
      files: {
        'huge.js': `${' '.repeat(600 * 1024)}new NodeSDK()`,
        ...Object.fromEntries(Array.from({ length: 3001 }, (_, at) => [`many/${at}.js`, ''])),
      },
    });
    const found = (await inspectApp({ folder, env: {} })).map((finding) => finding.found);
    expect(found).toContain('nothing sets OpenTelemetry up');
    expect(found).toContain('only the first 3000 source files were looked at');
  });

  it('goes on when a check breaks, and says which', async () => {
    const folder = await writeApp({
      packages: {
        '@opentelemetry/api@1.9.1': {},
        '@opentelemetry/sdk-node@0.223.0': { peerDependencies: { '@opentelemetry/api': '*' } },
      },
      files: {
        'node_modules/@opentelemetry/api/package.json': '{"name":"@opentelemetry/api","version":"not a version"}',
      },
    });
    const findings = await inspectApp({ folder, env: {}, nodeVersion: 'no version' });
    expect(findings.length).toBeGreaterThan(1);
  });
});
