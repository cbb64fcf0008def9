#!/usr/bin/env node
// Packs the service with the packages of ours that it needs, as npm would publish them, and a package.json that installs them together:
// what an image is made of. Built packages are expected (`npm run build`).
//
// node scripts/pack-service.mjs <directory>
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const [directory] = process.argv.slice(2);
if (directory === undefined) {
  process.stderr.write('usage: node scripts/pack-service.mjs <directory>\n');
  process.exit(2);
}
mkdirSync(directory, { recursive: true });
const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const packing = ['--filter-prod', '@turnmeter/aggregator...', 'pack', '--pack-destination', path.resolve(directory)];
const { status } = spawnSync('npx', ['--yes', packageManager, ...packing], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (status !== 0) process.exit(1);
const files = Object.fromEntries(
  readdirSync(directory)
    .filter((file) => file.endsWith('.tgz'))
    .map((file) => [file.replace(/^turnmeter-(.+)-\d.*$/, '@turnmeter/$1'), `file:./${file}`]),
);
const manifest = { private: true, type: 'module', dependencies: files };
writeFileSync(path.join(directory, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
