// The app's own programs, as far as they can be looked at in bounded time.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { blankComments } from './blank-comments.ts';
import { readText } from './read-text.ts';

export interface SourceFile {
  /** Relative to the app's folder, with slashes. */
  readonly name: string;
  /** Without comments; offsets and lines are those of the file. */
  readonly code: string;
  /** How Node loads it; undefined where that depends on a bundler or compiler. */
  readonly format: 'module' | 'commonjs' | undefined;
}

export interface Sources {
  readonly files: readonly SourceFile[];
  /** Whether there were more than are looked at. */
  readonly isCut: boolean;
}

const FILES_MAX = 3000;
const BYTES_MAX = 48 * 1024 * 1024;
const DEPTH_MAX = 12;
const PROGRAM = /\.(?:[cm]?[jt]sx?)$/;
const NO_PROGRAM = /\.d\.[cm]?ts$|\.min\.[cm]?js$|\.(?:test|spec|stories)\.[cm]?[jt]sx?$/;
/** Not the app: what it depends on, what tests it. */
const PASSED_OVER = new Set([
  'node_modules',
  'coverage',
  'test',
  'tests',
  '__tests__',
  '__mocks__',
  'e2e',
  'fixtures',
  'vendor',
  'public',
  'static',
]);
/** What is made of the sources; looked at where there are no others. */
const OUTPUTS = new Set(['dist', 'build', 'out', 'output', '.next', '.output', '.mastra']);

export async function readSources(folder: string, isModule: boolean): Promise<Sources> {
  const written = await listPrograms(folder, (name) => !OUTPUTS.has(name));
  const isOnlyConfiguration = written.names.every((name) => /(?:^|\/)[^/]*\.config\.[cm]?[jt]s$/.test(name));
  const { names, isCut } = isOnlyConfiguration ? await listPrograms(folder, () => true) : written;
  const files: SourceFile[] = [];
  let bytes = 0;
  for (const name of names) {
    const text = await readText(path.join(folder, name));
    if (text === undefined) continue;
    if ((bytes += text.length) > BYTES_MAX) return { files, isCut: true };
    files.push({ name, code: blankComments(text), format: formatOf(name, isModule, text) });
  }
  return { files, isCut };
}

async function listPrograms(
  root: string,
  isEntered: (name: string) => boolean,
): Promise<{ readonly names: readonly string[]; readonly isCut: boolean }> {
  const names: string[] = [];
  let isCut = false;
  const enter = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (names.length >= FILES_MAX) return void (isCut = true);
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      // Links are not followed: they lead out of the app, or round in circles.
      if (entry.isFile() && PROGRAM.test(name) && !NO_PROGRAM.test(name)) names.push(name);
      const isOwn = entry.isDirectory() && !PASSED_OVER.has(entry.name) && isEntered(entry.name);
      if (isOwn && (!entry.name.startsWith('.') || OUTPUTS.has(entry.name))) {
        if (depth === DEPTH_MAX) isCut = true;
        else await enter(name, depth + 1);
      }
    }
  };
  await enter('', 0);
  return { names, isCut };
}

function formatOf(name: string, isModule: boolean, text: string): SourceFile['format'] {
  if (/\.m[jt]s$/.test(name)) return 'module';
  if (/\.c[jt]s$/.test(name)) return 'commonjs';
  if (isModule) return 'module';
  // Static imports in what Node takes for CommonJS: somebody compiles or bundles it.
  return /^\s*import\s[^(]/m.test(text) ? undefined : 'commonjs';
}
