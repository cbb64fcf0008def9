// The folder in which instrumented apps run: other people's instrumentations at their pinned versions, and ours built, packed and installed
// as npm would get them. It is kept between runs, and renewed when a version or a source of ours has changed.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');
const FOLDER = path.join(ROOT, 'node_modules/.cache/turnmeter-bench/instrumented-app');
/** The plugin and what it needs of ours. */
const PACKAGES = ['semconv', 'pricing', 'accounting', 'budget', 'instrumentation'] as const;

/** @returns the folder; its `package.json` is what an app there is resolved from. */
export function installApp(): string {
  const manifest = path.join(import.meta.dirname, 'package.json');
  const fingerprint = fingerprintOf([manifest, ...PACKAGES.flatMap(sourcesOf)]);
  const stamp = path.join(FOLDER, 'stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return FOLDER;
  console.error('Building and packing our packages ...');
  rmSync(path.join(FOLDER, 'packed'), { recursive: true, force: true });
  mkdirSync(path.join(FOLDER, 'packed'), { recursive: true });
  run(path.join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'packages/instrumentation'], ROOT);
  const ours = Object.fromEntries(PACKAGES.map((name) => [`@turnmeter/${name}`, `file:${pack(name)}`]));
  const { dependencies, ...rest } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  writeJson('package.json', { ...rest, dependencies: { ...dependencies, ...ours } });
  // A workspace of its own: this folder is inside another one.
  writeJson('pnpm-workspace.yaml', { packages: [], overrides: ours });
  // Tarballs keep their names, and the lock file their old checksums.
  rmSync(path.join(FOLDER, 'pnpm-lock.yaml'), { force: true });
  console.error('Installing them, and what they are measured beside, into node_modules/.cache ...');
  pnpm(['install', '--prefer-offline', '--ignore-scripts'], FOLDER);
  writeFileSync(stamp, fingerprint);
  return FOLDER;
}

function sourcesOf(name: string): readonly string[] {
  const folder = path.join(ROOT, 'packages', name);
  return [
    path.join(folder, 'package.json'),
    ...globSync('src/**/*.ts', { cwd: folder }).map((file) => path.join(folder, file)),
  ];
}

function fingerprintOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function pack(name: string): string {
  const target = path.join(FOLDER, 'packed', name);
  pnpm(['pack', '--pack-destination', target], path.join(ROOT, 'packages', name));
  const [tarball] = globSync('*.tgz', { cwd: target });
  if (tarball === undefined) throw new Error(`@turnmeter/${name} was not packed`);
  return path.join(target, tarball);
}

function pnpm(parameters: readonly string[], cwd: string): void {
  const { packageManager } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    readonly packageManager: string;
  };
  run('npx', ['--yes', packageManager, ...parameters], cwd);
}

function writeJson(name: string, value: unknown): void {
  writeFileSync(path.join(FOLDER, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** Quiet: what packing lists is longer than the figures. What fails says why on standard error. */
function run(command: string, parameters: readonly string[], cwd: string): void {
  const env = { ...process.env, CI: 'true', npm_config_loglevel: 'error' };
  const { status, error } = spawnSync(command, parameters, { cwd, env, stdio: ['ignore', 'ignore', 2] });
  if (status !== 0)
    throw new Error(`${command} ${parameters.join(' ')} failed (${error?.message ?? `exit code ${status}`})`);
}
