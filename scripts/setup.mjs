#!/usr/bin/env node
// Brings a bare clone to the point where every script runs: dependencies, and with them Node 24 and the ClickHouse
// engine. Needs only Node >= 20 and npm. Does nothing, in a few milliseconds, when the lock file has not changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const stamp = path.join(root, 'node_modules', '.turnmeter-setup');
const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const wanted = createHash('sha256');
for (const file of ['pnpm-lock.yaml', 'package.json', 'pnpm-workspace.yaml']) {
  wanted.update(readFileSync(path.join(root, file)));
}
const fingerprint = wanted.digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint) {
  install();
  writeFileSync(stamp, fingerprint);
}

function install() {
  // Standard error, because standard output may be a program's `--json`.
  process.stderr.write(
    'turnmeter: installing dependencies (once; the embedded ClickHouse engine is a 540 MB unpacked download) ...\n',
  );
  const startedAt = Date.now();
  const result = spawnSync(
    'npx',
    // npx is silent, pnpm shows how far the download is: on our standard error, for the same reason.
    ['--yes', packageManager, '--loglevel=info', 'install', '--frozen-lockfile', '--prefer-offline'],
    { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, npm_config_loglevel: 'error' } },
  );
  if (result.status !== 0) {
    process.stderr.write(
      `turnmeter: the installation failed (${result.error?.message ?? `exit code ${result.status}`}). ` +
        'It needs Node >= 20, npm and a reachable npm registry; the lines above say what went wrong.\n',
    );
    process.exit(1);
  }
  process.stderr.write(`turnmeter: dependencies ready in ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
}
