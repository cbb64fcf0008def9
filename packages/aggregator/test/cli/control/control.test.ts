// Commands of cost control against a running service.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CostCheckDocument } from '../../../src/serve/documents/cost-check-document.ts';
import type { PoliciesDocument } from '../../../src/serve/documents/policies-document.ts';
import { runService, type RunningService } from '../running-service.ts';

let service: RunningService;
let folder: string;
beforeAll(async () => {
  service = await runService();
  folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-cli-control-'));
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(content: string): Promise<string> {
  const file = path.join(folder, `policies-${Math.random()}.yaml`);
  await writeFile(file, content);
  return file;
}

describe('policy', () => {
  it('writes what a file says, shows it, and says which number comes from where', async () => {
    const file = await fileOf(
      'policies:\n  - workflow: research\n    usd: { warning: 1, stop: 5 }\n    expected_usd: 2\n',
    );
    const put = await service.turnmeter('policy', 'put', file);
    expect(put.stdout).toMatch(/^1 policy of default, version 1, written .* UTC by anonymous/);
    expect(put.stdout).toMatch(/workflow research +\$1 \/ - \/ \$5 +\$2/);
    const resolved = await service.turnmeter('policy', 'resolve', '--workflow', 'research');
    expect(resolved.stdout).toMatch(/usd\.stop +5 +tenant default, workflow research/);
    expect(resolved.stdout).toMatch(/shares\.stop +1\.5 +default/);
    expect((await service.turnmeter('policy', 'history')).stdout).toMatch(/1 +\S.* anonymous +1/);
  });

  it('does not write over what somebody else wrote meanwhile', async () => {
    const read = await service.json<PoliciesDocument>('policy', 'get');
    const file = await fileOf(JSON.stringify(read));
    expect((await service.turnmeter('policy', 'put', file)).code).toBe(0);
    const stale = await service.turnmeter('policy', 'put', file);
    expect([stale.code, stale.stderr]).toEqual([1, expect.stringMatching(/version/)]);
  });

  it.for([
    ['policies: [', 'neither YAML nor JSON'],
    ['just text', 'expected a list of policies'],
    ['{policies: [], version: -1}', 'version: expected a whole number'],
  ] as const)('refuses a file with %j', async ([content, message]) => {
    const { code, stderr } = await service.turnmeter('policy', 'put', await fileOf(content));
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('says which field the service refused', async () => {
    const { code, stderr } = await service.turnmeter('policy', 'put', await fileOf('- usd: { stop: -1 }'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('policies.0.usd.stop')]);
  });

  it('says all that is wrong, each in a line', async () => {
    const { code, stderr } = await service.turnmeter('policy', 'put', await fileOf('- { usd: { stop: -1 }, hue: 1 }'));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/2 things[^]*\n {2}policies\.0\.\S+: [^]*\n {2}policies\.0\./),
    ]);
  });
});

describe('cost-check', () => {
  it('says how a session stands, and ends with 1 where a limit is exceeded', async () => {
    const within = await service.turnmeter('cost-check', 'research', '--cost', '0.5', '--tokens', '1000');
    expect([within.code, within.stdout]).toEqual([0, expect.stringMatching(/within limits \(ok\)/)]);
    // Expected are 2 US dollars; 150 % of them are 3.
    const exceeded = await service.turnmeter('cost-check', 'research', '--cost', '3', '--tokens', '1000');
    expect([exceeded.code, exceeded.stdout]).toEqual([1, expect.stringMatching(/exceeded limit \(stop\)[^]*150 %/)]);
    const check = await service.json<CostCheckDocument>('cost-check', 'research', '--cost', '1.5', '--tokens', '1');
    expect(check).toMatchObject({ status: 'approaching_limit', threshold_analysis: { level: 'warning' } });
    const withoutTokens = await service.turnmeter('cost-check', 'research', '--cost', '3');
    expect([withoutTokens.code, withoutTokens.stdout]).toEqual([1, expect.stringContaining('exceeded limit')]);
    const nothing = await service.turnmeter('cost-check', 'research');
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('current_cost')]);
  });
});

describe('stop', () => {
  it('stops and releases a session and a workflow', async () => {
    const stopped = await service.turnmeter('stop', 'a/b', '--reason', 'goes in circles');
    expect(stopped.stdout).toBe('a/b is to stop: goes in circles (anonymous)\n');
    expect((await service.turnmeter('stop', '--workflow', 'research')).stdout).toMatch(/^all of research is to stop/);
    expect((await service.json('stop', '--list'))['stops']).toHaveLength(2);
    expect((await service.turnmeter('stop', 'a/b', '--release')).stdout).toBe('It may go on.\n');
    expect((await service.turnmeter('stop', '--workflow', 'research', '--release')).code).toBe(0);
    expect((await service.turnmeter('stop', '--list')).stdout).toBe('Nothing is stopped.\n');
    expect((await service.turnmeter('stop', 'a/b', '--release')).code).toBe(1);
  });

  it('wants to know what', async () => {
    expect((await service.turnmeter('stop')).code).toBe(2);
    expect((await service.turnmeter('stop', 'a', '--workflow', 'b')).code).toBe(2);
  });
});

// The last, as it closes the service.
describe('keys', () => {
  it('are made, shown once, listed and revoked', async () => {
    const made = await service.turnmeter('keys', 'add', 'ops', '--tenants', '*');
    const key = made.stdout.trim();
    expect(key).toMatch(/^tm_/);
    expect((await service.turnmeter('keys', 'list')).stderr).toMatch(/TURNMETER_KEY/);
    expect((await service.turnmeter('keys', 'list', '--key', key)).stdout).toMatch(
      /ops +send, read and change for all tenants/,
    );
    const app = await service.turnmeter(
      'keys',
      'add',
      'app',
      '--tenants',
      'acme, globex',
      '--scope',
      'ingest',
      '--key',
      key,
    );
    expect(app.stderr).toMatch(/app may send for acme, globex/);
    expect((await service.turnmeter('keys', 'revoke', 'app', '--key', key)).stdout).toBe(
      'app opens nothing any more.\n',
    );
  });
});
