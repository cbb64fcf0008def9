// Grafana's components are half a gigabyte with all that they need, so they are installed when somebody wants pictures, and never otherwise.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
const STAMP = path.join(ROOT, 'node_modules/.turnmeter-installed');

/** Does nothing where the lock file is the one that was installed. */
export async function installPackages(say: (line: string) => void): Promise<void> {
  const lock = await readFile(path.join(ROOT, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(STAMP) && (await readFile(STAMP, 'utf8')) === wanted) return;
  say('installing Grafana’s components (once; 500 MB unpacked) ...');
  // Peers: its packages ask for each other in versions that were never published together.
  const args = ['ci', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const child = spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`npm ci in grafana/preview ended with ${code}; the lines above say why`);
  await writeFile(STAMP, wanted);
}
