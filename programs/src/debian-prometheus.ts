// Debian's Prometheus and Alertmanager: those that are installed, or taken out of their packages. Installing them would start services.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = path.join(import.meta.dirname, '../../node_modules/.cache/prometheus');
const TEXTS = '/usr/share/prometheus/alertmanager';
const FOLDERS = ['/usr/bin', path.join(CACHE, 'usr/bin')];

type DebianProgram = 'prometheus' | 'promtool' | 'prometheus-alertmanager' | 'amtool';

/** Where a program is; its package is fetched once. */
export async function debianBinary(name: DebianProgram): Promise<string> {
  const found = find(name);
  if (found !== undefined) return ready(found);
  await mkdir(CACHE, { recursive: true });
  await run('apt-get', ['download', 'prometheus', 'prometheus-alertmanager'], { cwd: CACHE });
  for (const file of await readdir(CACHE)) {
    if (file.endsWith('.deb')) await run('dpkg-deb', ['--extract', path.join(CACHE, file), CACHE]);
  }
  const fetched = find(name);
  if (fetched === undefined) throw new Error(`Debian's packages have no ${name}`);
  return ready(fetched);
}

/** Debian's Alertmanager reads its own texts from where the package puts them, and from nowhere else. */
async function ready(file: string): Promise<string> {
  if (file.startsWith(CACHE) && !existsSync(TEXTS)) await cp(path.join(CACHE, TEXTS), TEXTS, { recursive: true });
  return file;
}

function find(name: DebianProgram): string | undefined {
  return FOLDERS.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}
