// The rules and configurations under the real promtool, of both majors, and amtool: each alert fires in one case and stays silent in another.

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { prometheusBinary } from '@turnmeter/programs/prometheus';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../repository.ts';
import { debianBinary } from '@turnmeter/programs/debian-prometheus';

const run = promisify(execFile);
const FOLDER = path.join(ROOT, 'prometheus');
const filesIn = (folder: string): readonly string[] =>
  readdirSync(path.join(FOLDER, folder)).map((file) => path.join(folder, file));

const PROMTOOLS = ['Prometheus 2', 'Prometheus 3'] as const;

async function said(file: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(file, [...args], { cwd: FOLDER });
  return stdout + stderr;
}

describe.for(PROMTOOLS)('promtool of %s', (version) => {
  let promtool: string;
  beforeAll(async () => {
    promtool = version === 'Prometheus 2' ? await debianBinary('promtool') : await prometheusBinary('promtool');
  }, 1_500_000);

  it('finds nothing wrong with rules and configuration', async () => {
    expect(await said(promtool, ['check', 'rules', ...filesIn('rules')])).not.toContain('FAILED');
    expect(await said(promtool, ['check', 'config', '--syntax-only', 'prometheus.yml'])).not.toContain('FAILED');
  });

  it.for(filesIn('tests'))('agrees with %s', { timeout: 300_000 }, async (file) => {
    expect(await said(promtool, ['test', 'rules', file])).toContain('SUCCESS');
  });
});

describe('amtool', () => {
  let amtool: string;
  beforeAll(async () => {
    amtool = await prometheusBinary('amtool');
  }, 1_500_000);

  it('finds nothing wrong with the configuration', async () => {
    expect(await said(amtool, ['check-config', 'alertmanager.yml'])).toContain('SUCCESS');
  });

  it.for([
    [['severity=critical', 'tenant=globex'], 'on-call'],
    [['severity=critical', 'tenant=acme'], 'tenant-acme,on-call'],
    [['severity=warning', 'tenant=acme'], 'tenant-acme'],
    [['severity=warning'], 'tickets'],
    [['severity=info', 'tenant=acme'], 'nobody'],
  ] as const)('routes %j to %s', async ([labels, receivers]) => {
    const routes = ['config', 'routes', 'test', '--config.file=alertmanager.yml', ...labels];
    expect((await said(amtool, routes)).split('\n', 1)).toEqual([receivers]);
  });
});
