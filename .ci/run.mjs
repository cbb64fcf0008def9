// Runs the tests, those of the stack, and the static checks, one after the other, and adds up how they ended. What failed is told once more
// at the end, where people look for it first.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const scratch = mkdtempSync(path.join(tmpdir(), 'turnmeter-ci-'));
const outcome = { passed: 0, failed: 0, failures: [] };

tests('test');
tests('test:stack');
for (const check of ['format:check', 'lint', 'types', 'knip', 'packages:check']) {
  if (npm(check)) outcome.passed++;
  else fail(1, [`npm run ${check}`]);
}
rmSync(scratch, { recursive: true, force: true });
if (outcome.failures.length > 0) process.stdout.write(`\nWhat failed:\n\n${outcome.failures.join('\n\n')}\n\n`);
process.stdout.write(`${outcome.passed} passed, ${outcome.failed} failed\n`);
process.exitCode = outcome.failed === 0 ? 0 : 1;

/** Runs a script that ends in vitest and takes the numbers from what its reporter kept. */
function tests(script) {
  const kept = path.join(scratch, `${script.replace(':', '-')}.json`);
  process.env.TURNMETER_CI_SUMMARY = kept;
  const isGreen = npm(script, '--', '--reporter=default', '--reporter=./.ci/summary-reporter.mjs');
  const { passed, failed, failures } = existsSync(kept)
    ? JSON.parse(readFileSync(kept, 'utf8'))
    : { passed: 0, failed: 0, failures: [] };
  outcome.passed += passed;
  // A run that broke before, beside or after its tests has failed too.
  if (!isGreen)
    fail(
      Math.max(1, failed, failures.length),
      failures.length > 0 ? failures : [`npm run ${script}: its output says where`],
    );
}

function fail(number, failures) {
  outcome.failed += number;
  outcome.failures.push(...failures);
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
