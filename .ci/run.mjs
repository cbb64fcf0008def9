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

/**
 * Runs a script that ends in vitest and takes the numbers from what its reporter kept. V8 kills a process now and then whose threads come and
 * go (https://github.com/nodejs/node/issues/64500): files that were cut short so are run again, once; if they are again, they have failed.
 */
function tests(script) {
  const first = vitest(script, []);
  if (first.died.length === 0) return;
  process.stdout.write(`Their process was killed, they are run again: ${first.died.join(', ')}\n`);
  const { died } = vitest(script, first.died);
  if (died.length > 0)
    fail(
      died.length,
      died.map((file) => `${file}: its process was killed, twice`),
    );
}

/** Files whose process died; all else is added to the outcome. */
function vitest(script, files) {
  const kept = path.join(scratch, `${script.replace(':', '-')}.json`);
  rmSync(kept, { force: true });
  process.env.CI_SUMMARY_FILE = kept;
  const isGreen = npm(script, '--', ...files, '--reporter=default', '--reporter=./.ci/summary-reporter.mjs');
  const nothing = { passed: 0, failed: 0, died: [], failures: [] };
  const { passed, failed, died, failures } = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : nothing;
  outcome.passed += passed;
  // A run that broke before, beside or after its tests has failed too.
  const isTold = failed + failures.length + died.length > 0;
  if (!isGreen) fail(Math.max(failed, failures.length), failures);
  if (!isGreen && !isTold) fail(1, [`npm run ${script}: its output says where`]);
  return { died };
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
