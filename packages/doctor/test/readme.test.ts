import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

test('the example prints what the README says it prints', () => {
  const [, code = '', output = ''] = /```ts\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme) ?? [];
  const result = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', code], {
    cwd: root,
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(result.stderr).toBe('');
  expect(result.stdout).toBe(output);
});

test('the README names every check, and every check has its test', () => {
  const checks = readdirSync(path.join(root, 'src/checks')).map((file) => path.basename(file, '.ts'));
  for (const name of checks) expect(readme).toContain(`\`${name}\``);
  const tests = readdirSync(path.join(root, 'test/checks')).map((file) => path.basename(file, '.test.ts'));
  expect(tests).toEqual(checks);
  const ofService = readdirSync(path.join(root, 'src/service-checks')).map((file) =>
    readFileSync(path.join(root, 'src/service-checks', file), 'utf8'),
  );
  const names = ofService.flatMap((text) =>
    [...text.matchAll(/^ {2}name: '([\w-]+)',$/gm)].map(([, name = '']) => name),
  );
  expect(names.length).toBeGreaterThanOrEqual(12);
  for (const name of names) expect(readme).toContain(`\`${name}\``);
});
