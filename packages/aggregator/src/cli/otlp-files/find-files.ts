// Which files somebody means: files, folders with everything below them, and patterns that the shell left alone.

import { glob, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../command-error.ts';

/** More are a wrong folder. */
const FILES_MAX = 100_000;

/** What is taken from a folder; a file that is named itself may be called anything. */
const OTLP_FILE = /\.(?:pb|bin|proto|json|jsonl|ndjson|otlp)(?:\.(?:gz|zst))?$/i;

export interface FoundFile {
  readonly path: string;
  /** Named itself, and not found in a folder: then it is a fault when it holds something else. */
  readonly isNamed: boolean;
}

/** Files in the order given, those of a folder or pattern by name; each once. */
export async function findFiles(given: readonly string[]): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const argument of given) {
    const files = await filesOf(argument);
    if (files.length === 0) {
      throw new CommandError(
        `no OTLP files at ${argument}: expected .pb, .json or .jsonl, each plain or as .gz or .zst`,
      );
    }
    for (const file of files) if (!found.has(file)) found.set(file, { path: file, isNamed: file === argument });
    if (found.size > FILES_MAX)
      throw new CommandError(`more than ${FILES_MAX} files: expected fewer, import them folder by folder`);
  }
  return [...found.values()];
}

async function filesOf(argument: string): Promise<readonly string[]> {
  const stats = await stat(argument).catch(() => undefined);
  if (stats?.isDirectory() === true) {
    const entries = await readdir(argument, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && OTLP_FILE.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .toSorted();
  }
  if (stats !== undefined) return [argument];
  if (!/[*?[{]/.test(argument)) {
    throw new CommandError(`${argument} is not there: expected a file, a folder or a pattern like 'dump/**/*.pb'`);
  }
  const matches: string[] = [];
  for await (const match of glob(argument)) matches.push(match);
  return matches.toSorted();
}
