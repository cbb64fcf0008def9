// `turnmeter doctor` over folders, and what it does where nothing is named.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, runTurnmeter } from '../run-turnmeter.ts';
import { type RunningService, runService } from '../running-service.ts';
import { temporaryFolders } from '../temporary-folders.ts';
import { ONLY_PROGRESS } from './only-progress.ts';

const newFolder = temporaryFolders();

/** An app with `openai`, started as said. */
function app(start: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = newFolder();
  const packages = { openai: '7.57.0', '@turnmeter/instrumentation': '1.0.0', '@opentelemetry/api': '1.10.0' };
  for (const [name, version] of Object.entries(packages)) {
    mkdirSync(path.join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(path.join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, version }));
  }
  const manifest = { name: 'writer', dependencies: packages, scripts: { start } };
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const LOADED = 'node --import @turnmeter/instrumentation/register app.js';

describe('turnmeter doctor', () => {
  it('ends with 0 and says little of an app that loses nothing', async () => {
    const { code, stdout, stderr } = await runTurnmeter(['doctor', app(LOADED)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(ONLY_PROGRESS) });
    expect(stdout).toBe('Nothing found that loses data; 4 things as they should be (--all lists them).\n');
  });

  it('lists what is as it should be, if asked', async () => {
    const { stdout } = await runTurnmeter(['doctor', app(LOADED), '--all']);
    expect(stdout).toContain(
      'fine\n✓ OpenTelemetry is set up: @turnmeter/instrumentation/register (telemetry-setup)\n',
    );
    expect(stdout).toContain(
      '✓ openai@7.57.0 is supported: @turnmeter/instrumentation attaches to it (framework-versions)\n',
    );
  });

  it('ends with 1 where data are lost, and says in which file, why, and what to do', async () => {
    const { code, stdout } = await runTurnmeter(['doctor', app('node app.js')], { OTEL_TRACES_EXPORTER: 'none' });
    expect(code).toBe(1);
    expect(stdout).toContain(
      [
        'loses data',
        '✗ @turnmeter/instrumentation is installed, and nothing loads it (telemetry-setup, by the look of it)',
        '  in   package.json: scripts.start',
        '  why  No model call, turn or session is reported at all.',
        '  fix  node --import @turnmeter/instrumentation/register app.js',
        '       or in the environment: NODE_OPTIONS="--import @turnmeter/instrumentation/register"',
        '✗ OTEL_TRACES_EXPORTER=none (exporter)',
        '  in   the environment',
        '  why  Spans are made and thrown away.',
        '  fix  OTEL_TRACES_EXPORTER=otlp',
        '',
      ].join('\n'),
    );
    expect(stdout).toMatch(/\n2 problems; 3 things as they should be \(--all lists them\)\.\n$/);
  });

  it('ends with 0 where there is only advice', async () => {
    const { code, stdout } = await runTurnmeter(['doctor', app(LOADED, { 'app.js': "require('openai')" })]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^advice\n! nothing in the sources names a session, conversation or thread \(session-id, by the look of it\)\n/,
    );
    expect(stdout).toContain('Nothing found that loses data, 1 piece of advice; ');
  });

  it('prints one JSON document', async () => {
    const folder = app('node app.js');
    const { code, stdout } = await runTurnmeter(['doctor', folder, '--json']);
    expect(code).toBe(1);
    const document = JSON.parse(stdout) as { findings: { check: string; severity: string; fix: string[] }[] };
    expect(document).toMatchObject({ ok: false, app: folder, service: null });
    expect(document.findings[0]).toMatchObject({ check: 'telemetry-setup', severity: 'loses_data', subject: '.' });
  });

  it('runs nothing of the app and writes nothing', async () => {
    const folder = app(LOADED, {
      'app.js': "require('fs').writeFileSync('ran', '')",
      'next.config.js': 'throw new Error()',
    });
    const { stderr } = await runTurnmeter(['doctor', folder]);
    expect(stderr).toMatch(ONLY_PROGRESS);
    expect(readdirSync(folder).toSorted()).toEqual(['app.js', 'next.config.js', 'node_modules', 'package.json']);
  });

  it.for([
    [
      'a folder without an app',
      ['doctor', '/nowhere/at/all'],
      'error: /nowhere/at/all is no app: expected a folder with a package.json',
    ],
    [
      'a service that is not there',
      ['doctor', '--url', 'http://127.0.0.1:9'],
      'error: no service answers at http://127.0.0.1:9 (',
    ],
    ['an address that is none', ['doctor', '--url', 'localhost'], 'is no address of a service'],
  ] as const)('ends with 2 for %s', async ([, args, message]) => {
    const { code, stdout, stderr } = await runTurnmeter(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('tells what it found in the app before it says that the service is not there', async () => {
    const { code, stdout, stderr } = await runTurnmeter(['doctor', app('node app.js'), '--url', 'http://127.0.0.1:9']);
    expect(code).toBe(2);
    expect(stdout).toContain('✗ @turnmeter/instrumentation is installed, and nothing loads it');
    expect(stderr).toContain('error: no service answers at http://127.0.0.1:9');
  });
});

describe('turnmeter doctor, where nothing is named', () => {
  const doctorIn = (
    cwd: string,
  ): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [MAIN, 'doctor', '--json'],
        { cwd, env: { PATH: process.env['PATH'] } },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });

  it('looks at the app in this folder', async () => {
    const { code, stdout } = await doctorIn(app('node app.js'));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ app: '.' });
  });

  it('looks in a folder that is no app for a service on this machine, and ends with 2 where there is none', async () => {
    const { code, stdout, stderr } = await doctorIn(newFolder());
    // One may be running where this is tested; it is not this test's.
    const said = stdout === '' ? `${code as number}: ${stderr}` : stdout;
    expect(said).toMatch(
      /^2: error: there is nothing to look at: no package\.json in this folder|"app":null,"service":"http:\/\/127\.0\.0\.1:8318"/,
    );
  });
});

describe('a service with keys', () => {
  let service: RunningService;
  beforeAll(async () => {
    const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
    const config = path.join(newFolder(), 'turnmeter.json');
    const keys = [
      { name: 'acme', sha256: sha256('acme-secret'), tenants: ['acme'] },
      { name: 'sender', sha256: sha256('sender-secret'), tenants: ['acme'], scope: 'ingest' },
    ];
    writeFileSync(config, JSON.stringify({ keys }));
    service = await runService({ TURNMETER_CONFIG: config });
  });
  afterAll(() => service.stop());

  it('is inspected with a key that may read its tenant, without what only operators may see', async () => {
    const { code, stdout } = await service.turnmeter('doctor', '--key', 'acme-secret');
    expect(code).toBe(0);
    expect(stdout).toContain('! nothing arrived in the last day (arrival)');
  });

  it.for([
    [[], 'No key was sent'],
    [['--key', 'other'], 'is not one of this service'],
    [['--key', 'sender-secret'], 'may send and not read'],
    [['--key', 'acme-secret', '--tenant', 'beta'], 'may not read the tenant beta'],
  ] as const)('refuses %j, and the command says what to do', async ([options, message]) => {
    const { code, stderr } = await service.turnmeter('doctor', ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Set TURNMETER_KEY to a key that may read');
  });

  it('is told from other servers', async () => {
    const { code, stderr } = await service.turnmeter('doctor', '--url', service.otlpUrl);
    expect(code).toBe(2);
    expect(stderr).toContain('is no Turnmeter service');
  });
});
