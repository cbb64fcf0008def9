// What npm would publish of the instrumentation, as tarballs: built and packed once in a run of the tests.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../..');
export const CACHE: string = path.join(ROOT, 'node_modules', '.cache', 'turnmeter-stack');
const PACKAGES = ['semconv', 'pricing', 'accounting', 'budget', 'instrumentation'];

/** Tarballs by the name of their package. Other contents have another name, so that npm does not take an old one from its cache. */
export function packPackages(): Promise<Readonly<Record<string, string>>> {
  return (packed ??= pack());
}

let packed: Promise<Readonly<Record<string, string>>> | undefined;

async function pack(): Promise<Readonly<Record<string, string>>> {
  const { packageManager } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
    readonly packageManager: string;
  };
  await run(path.join(ROOT, 'node_modules', '.bin', 'tsc'), ['-b', ...PACKAGES.map((name) => `packages/${name}`)], {
    cwd: ROOT,
  });
  const fresh = path.join(CACHE, `packing-${process.pid}`);
  await mkdir(fresh, { recursive: true });
  const filters = PACKAGES.flatMap((name) => ['--filter', `./packages/${name}`]);
  await run('npx', ['--yes', packageManager, ...filters, 'pack', '--pack-destination', fresh], { cwd: ROOT });
  const tarballs: Record<string, string> = {};
  for (const file of await readdir(fresh)) {
    const contents = createHash('sha256').update(await readFile(path.join(fresh, file)));
    const [, name = ''] = NAME_OF_TARBALL.exec(file) ?? [];
    const kept = path.join(CACHE, 'tarballs', `${name}-${contents.digest('hex').slice(0, 12)}.tgz`);
    await mkdir(path.dirname(kept), { recursive: true });
    await rename(path.join(fresh, file), kept);
    tarballs[`@turnmeter/${name}`] = kept;
  }
  await rm(fresh, { recursive: true });
  return tarballs;
}

/** Sample: turnmeter-semconv-0.0.0.tgz */
const NAME_OF_TARBALL = /^turnmeter-(.+)-\d+\.\d+\.\d+.*\.tgz$/;
