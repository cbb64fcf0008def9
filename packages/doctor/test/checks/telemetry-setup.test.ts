import { describe, expect, it } from 'vitest';
import { findingsOf, LOADED, saidOf, TURNMETER_PACKAGES } from '../app-folder.ts';

const OPENAI = { 'openai@7.57.0': {} };

describe('telemetry-setup', () => {
  it('finds that nothing sets a provider up, and says what to install and how to start', async () => {
    const [finding] = await findingsOf('telemetry-setup', {
      manifest: { scripts: { start: 'node --enable-source-maps dist/server.js', test: 'node test.js' } },
      packages: OPENAI,
      files: { 'server.ts': 'import OpenAI from "openai";' },
    });
    expect(finding).toMatchObject({
      severity: 'loses_data',
      found: 'nothing sets OpenTelemetry up',
      where: ['package.json: scripts.start'],
      fix: [
        'npm install @turnmeter/instrumentation @opentelemetry/api',
        'node --import @turnmeter/instrumentation/register --enable-source-maps dist/server.js',
        'or in the environment: NODE_OPTIONS="--import @turnmeter/instrumentation/register"',
      ],
    });
  });

  it('finds that the instrumentation is installed and not loaded', async () => {
    expect(
      await saidOf('telemetry-setup', {
        manifest: { scripts: { start: 'node app.js' } },
        packages: { ...OPENAI, ...TURNMETER_PACKAGES },
      }),
    ).toEqual(['loses_data: @turnmeter/instrumentation is installed, and nothing loads it']);
  });

  it.for([
    ['a start script', { manifest: LOADED }],
    ['NODE_OPTIONS', { env: { NODE_OPTIONS: '--import=@turnmeter/instrumentation/register' } }],
    [
      'NODE_OPTIONS of a script',
      { manifest: { scripts: { start: 'NODE_OPTIONS="--import @turnmeter/instrumentation/register" next start' } } },
    ],
    [
      'NODE_OPTIONS of a Dockerfile',
      {
        files: {
          Dockerfile:
            'FROM node:24\nENV NODE_OPTIONS="--import @turnmeter/instrumentation/register"\nCMD ["node", "app.js"]',
        },
      },
    ],
    [
      'an SDK in the sources',
      {
        files: { 'otel.js': 'new NodeSDK({}).start()', 'app.js': '' },
        manifest: { scripts: { start: 'node app.js' } },
      },
    ],
  ] as const)('is silent where %s sets it up', async ([, plan]) => {
    const said = await saidOf('telemetry-setup', { ...plan, packages: { ...OPENAI, ...TURNMETER_PACKAGES } });
    expect(said).toEqual([expect.stringMatching(/^fine: OpenTelemetry is set up: /)]);
  });

  it('takes an SDK that is only mentioned in a comment for none', async () => {
    const said = await saidOf('telemetry-setup', {
      packages: OPENAI,
      files: { 'app.js': '// new NodeSDK({}).start()\n/* registerOTel() */' },
    });
    expect(said).toEqual(['loses_data: nothing sets OpenTelemetry up']);
  });

  it('finds the one way to start that has no flag, beside others that have it', async () => {
    const findings = await findingsOf('telemetry-setup', {
      manifest: LOADED,
      packages: { ...OPENAI, ...TURNMETER_PACKAGES },
      files: {
        Dockerfile: 'FROM node:24\nRUN npm ci\nCMD ["node", "dist/server.js"]\n',
        Procfile: 'worker: node worker.js\n',
      },
    });
    expect(findings.filter(({ severity }) => severity === 'loses_data').map(({ where, fix }) => [where, fix])).toEqual([
      [['Dockerfile:3'], ['node --import @turnmeter/instrumentation/register dist/server.js']],
      [['Procfile:1'], ['node --import @turnmeter/instrumentation/register worker.js']],
    ]);
  });

  it('finds a flag behind the program’s name, where Node does not take it', async () => {
    const said = await saidOf('telemetry-setup', {
      manifest: { scripts: { start: 'node app.js --import @turnmeter/instrumentation/register' } },
      packages: { ...OPENAI, ...TURNMETER_PACKAGES },
    });
    expect(said).toEqual([
      'loses_data: the flag stands behind the program’s name: node app.js --import @turnmeter/instrumentation/register',
    ]);
  });

  it('finds a module that is preloaded and not installed', async () => {
    expect(await saidOf('telemetry-setup', { manifest: LOADED, packages: OPENAI })).toEqual([
      'loses_data: @turnmeter/instrumentation is preloaded and not installed',
    ]);
  });

  it('is not sure where no file says how the app is started', async () => {
    expect(await saidOf('telemetry-setup', { packages: { ...OPENAI, ...TURNMETER_PACKAGES } })).toEqual([
      'advice: @turnmeter/instrumentation is installed, and no file here says how the app is started',
    ]);
  });

  it('finds the flag in whatever script starts something', async () => {
    const scripts = { 'group-chat': 'node --import @turnmeter/instrumentation/register chat.js', test: 'node test.js' };
    expect(
      await saidOf('telemetry-setup', { manifest: { scripts }, packages: { ...OPENAI, ...TURNMETER_PACKAGES } }),
    ).toEqual([expect.stringMatching(/^fine/)]);
  });

  it('has nothing to say of a library that only develops with a client', async () => {
    const manifest = { dependencies: {}, devDependencies: { openai: '*' } };
    expect(await saidOf('telemetry-setup', { manifest, packages: OPENAI })).toEqual([]);
  });

  it('has nothing to say of an app that calls no model', async () => {
    expect(await saidOf('telemetry-setup', { packages: { 'express@5.1.0': {} } })).toEqual([]);
  });
});
