// Runs the tests, those of the stack, and the static checks, one after the other, and adds up how they ended.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const scratch = mkdtempSync(path.join(tmpdir(), 'turnmeter-ci-'));
const outcome = { passed: 0, failed: 0 };

tests('test');
tests('test:stack');
for (const check of ['format:check', 'lint', 'types', 'knip', 'packages:check']) {
  if (npm(check)) outcome.passed++;
  else outcome.failed++;
}
rmSync(scratch, { recursive: true, force: true });
process.stdout.write(`${outcome.passed} passed, ${outcome.failed} failed\n`);
process.exitCode = outcome.failed === 0 ? 0 : 1;

/** Runs a script that ends in vitest and takes the numbers from its report. */
function tests(script) {
  const report = path.join(scratch, `${script.replace(':', '-')}.json`);
  const isGreen = npm(script, '--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const { numPassedTests = 0, numFailedTests = 0 } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  outcome.passed += numPassedTests;
  // A run that broke before, beside or after its tests has failed too.
  outcome.failed += isGreen ? numFailedTests : Math.max(1, numFailedTests);
}

/** Whether the script ended well. */
function npm(script, ...parameters) {
  const startedAt = Date.now();
  process.stdout.write(`\n── npm run ${script}\n`);
  const { status } = spawnSync('npm', ['run', '-s', script, ...parameters], { stdio: 'inherit' });
  process.stdout.write(
    `── npm run ${script}: ${status === 0 ? 'ok' : `failed (${status})`}, ${Math.round((Date.now() - startedAt) / 1000)} s\n`,
  );
  return status === 0;
}
