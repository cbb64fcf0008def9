import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BUILT_IN_PROFILES } from '@turnmeter/accounting';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

test('the example prints what the README says it prints', () => {
  const [, code = '', output = ''] = /```ts\n(.*?)```\n\n```text\n(.*?)```/s.exec(README) ?? [];
  const result = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', code], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(result.stderr).toBe('');
  expect(result.stdout).toBe(output);
});

test('the table of producers lists the built-in profiles in their order', () => {
  const [, table = ''] = /### Producers\n(.*?)\n### /s.exec(README) ?? [];
  const rows = [...table.matchAll(/^\| `([^`]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, name, title]) => [name, title]);
  expect(rows).toEqual(BUILT_IN_PROFILES.map(({ name, title }) => [name, title]));
});
