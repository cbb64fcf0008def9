// Apps as strangers have them: a package.json of their own, installed by npm, with Turnmeter's packages as npm would publish them.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { CACHE, packPackages } from './pack-packages.ts';

const run = promisify(execFile);

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** Apps below one, each with packages of its own; one installation serves them all. */
export type SubApps = Readonly<Record<string, SubApp>>;

export interface SubApp {
  /** A file of the folder, which becomes `app.mjs` of the sub-app. */
  readonly app: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Installs `test/stack/<name>` with the packed packages and answers where it is; sub-apps are in `apps` below it. What was installed
 * before is kept.
 */
export async function installApp(name: string, subApps: SubApps = {}): Promise<string> {
  const source = path.join(import.meta.dirname, name);
  const target = path.join(CACHE, name);
  await mkdir(target, { recursive: true });
  await cp(source, target, { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8')) as Manifest;
  const wanted = JSON.stringify({ ...withTarballs(manifest, await packPackages()), workspaces: ['apps/*'] }, null, 2);
  await writeFile(path.join(target, 'package.json'), wanted);
  for (const [subApp, { app, dependencies }] of Object.entries(subApps)) {
    const folder = path.join(target, 'apps', subApp);
    await mkdir(folder, { recursive: true });
    await cp(path.join(source, app), path.join(folder, 'app.mjs'));
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: subApp, dependencies }));
  }
  const stamp = path.join(target, 'node_modules', '.installed');
  const fingerprint = createHash('sha256').update(wanted).update(JSON.stringify(subApps)).digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === fingerprint) return target;
  await rm(path.join(target, 'package-lock.json'), { force: true });
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: target });
  await writeFile(stamp, fingerprint);
  return target;
}

/** The packages depend on each other by version, which the registry has not, or has an older one of. */
function withTarballs(manifest: Manifest, tarballs: Readonly<Record<string, string>>): Manifest {
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, tarball]) => [name, `file:${tarball}`]));
  const overrides = Object.fromEntries(Object.keys(tarballs).map((name) => [name, `$${name}`]));
  return {
    ...manifest,
    dependencies: { ...manifest.dependencies, ...files },
    overrides: { ...manifest.overrides, ...overrides },
  };
}
