import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAPTURES, type RunningService, runService } from '../running-service.ts';
import { temporaryFolders } from '../temporary-folders.ts';

const newFolder = temporaryFolders();

const folder = newFolder();
const CAPTURE = path.join(CAPTURES, 'ai6-native-chat', '001-traces.pb');

let service: RunningService;

beforeAll(async () => {
  const config = path.join(folder, 'turnmeter.json');
  writeFileSync(
    config,
    JSON.stringify({
      keys: [
        { name: 'acme', sha256: hashOf('acme-secret'), tenants: ['acme'] },
        { name: 'auditor', sha256: hashOf('auditor-secret'), tenants: ['acme', 'beta'], scope: 'read' },
      ],
    }),
  );
  service = await runService({ TURNMETER_CONFIG: config });
  await importAs('acme-secret');
});

afterAll(() => service.stop());

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function importAs(key: string): ReturnType<RunningService['turnmeter']> {
  return service.turnmeter('import', CAPTURE, '--otlp-url', service.otlpUrl, '--key', key);
}

describe('a service with keys', () => {
  it('counts what was imported before the import ends', async () => {
    const { stdout } = await service.turnmeter('sessions', '--key', 'acme-secret');
    expect(stdout).toContain('\n\n3 sessions, 3 of them running: 15,432 tokens, ');
  });

  it.each([
    [[], 'error: No key was sent: ', 'Set TURNMETER_KEY to a key of this service.'],
    [
      ['--key', 'other'],
      'is not one of this service.',
      'The key in TURNMETER_KEY (or --key) is not one of this service.',
    ],
    [['--key', 'auditor-secret'], 'may read several tenants', 'Name one: --tenant or TURNMETER_TENANT.'],
    [['--key', 'acme-secret', '--tenant', 'beta'], 'error: The key acme may not read the tenant beta.', ''],
  ])('answers sessions %j with what is wrong, and the command says what to do', async (options, problem, advice) => {
    const { code, stdout, stderr } = await service.turnmeter('sessions', ...options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).toContain(advice);
  });

  it('lets a key that may only read neither send nor finalize', async () => {
    const imported = await importAs('auditor-secret');
    expect(imported).toMatchObject({ code: 1, stdout: '' });
    expect(imported.stderr).toMatch(/^error: the service takes nothing from this sender \(403\): [a-z]/m);
    const finalized = await service.turnmeter('finalize', 'sess-a', '--key', 'auditor-secret', '--tenant', 'acme');
    expect(finalized).toMatchObject({ code: 1, stdout: '' });
    expect(finalized.stderr).toContain('The key auditor may only read');
  });
});
