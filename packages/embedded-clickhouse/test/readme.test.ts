import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'embedded-clickhouse-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('the example prints what the README says it prints', () => {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  const [, code = '', output = ''] = /```ts\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme) ?? [];
  // Imports are looked for beside the package, data goes elsewhere.
  const example = code.replace("'./data'", JSON.stringify(directory));
  const result = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', example], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(result.stderr).toBe('');
  expect(result.stdout).toBe(output);
});
