// A Chromium that draws: one that is installed, or Debian's, taken out of its packages with the libraries that it needs and that are not installed.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = path.join(import.meta.dirname, '../../../node_modules/.cache/chromium');
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const UNPACKED = path.join(CACHE, 'usr/lib/chromium/chromium');
const LIBRARIES = path.join(CACHE, 'usr/lib/x86_64-linux-gnu');

export interface Chromium {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** `TURNMETER_CHROMIUM` names one that is elsewhere. */
export async function findChromium(say: (line: string) => void): Promise<Chromium> {
  const named = process.env['TURNMETER_CHROMIUM'];
  const installed = [...(named === undefined ? [] : [named]), ...INSTALLED].find((file) => existsSync(file));
  if (installed !== undefined) return { path: installed, env: {} };
  if (!existsSync(UNPACKED)) {
    say('fetching Chromium (once; 150 MB) ...');
    await unpack();
  }
  return { path: UNPACKED, env: { LD_LIBRARY_PATH: `${LIBRARIES}:${LIBRARIES}/pulseaudio` } };
}

/** Installing it would change the system; what is only fetched need not be removed. */
async function unpack(): Promise<void> {
  const archives = path.join(CACHE, 'archives');
  await mkdir(path.join(archives, 'partial'), { recursive: true });
  const options = [
    '--yes',
    '--download-only',
    '--no-install-recommends',
    '-o',
    `Dir::Cache::archives=${archives}`,
    '-o',
    'Debug::NoLocking=1',
  ];
  try {
    await run('apt-get', ['install', ...options, 'chromium'], { maxBuffer: 1 << 24 });
  } catch (error) {
    throw new Error('there is no Chromium, and Debian’s could not be fetched; name one in TURNMETER_CHROMIUM', {
      cause: error,
    });
  }
  const packages = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  for (const name of packages) await run('dpkg-deb', ['--extract', path.join(archives, name), CACHE]);
}
