// What the repo-wide checks look at: the files git knows, and how modules import each other.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT: string = path.join(import.meta.dirname, '..');

/** Files that git tracks or would track, relative to the root, with `/`. */
export function listFiles(pattern: RegExp): readonly string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return [...new Set(output.split('\n'))].filter((file) => pattern.test(file)).toSorted();
}

export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

export interface Import {
  readonly specifier: string;
  /** `import type` and `export type`: erased, so no code flows. */
  readonly isTypeOnly: boolean;
}

/** Imports and re-exports of a module, static and dynamic. */
export function importsOf(file: string): readonly Import[] {
  const found: Import[] = [];
  const statements = /(?:^|\n)\s*(import|export)\s+(type\s+)?([^;'"]*?\bfrom\s+)?['"]([^'"\n]+)['"]/g;
  for (const [, , type, clause, specifier] of read(file).matchAll(statements)) {
    if (specifier === undefined) continue;
    found.push({ specifier, isTypeOnly: type !== undefined || hasOnlyTypes(clause ?? '') });
  }
  for (const [, specifier] of read(file).matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g)) {
    if (specifier !== undefined) found.push({ specifier, isTypeOnly: false });
  }
  return found;
}

/** `{ type A, type B } from` */
function hasOnlyTypes(clause: string): boolean {
  const names = /\{([^}]*)\}/.exec(clause)?.[1];
  const listed = (names ?? '').split(',').filter((name) => name.trim() !== '');
  return listed.length > 0 && listed.every((name) => /^\s*type\s/.test(name)) && !/^\s*\w+\s*,/.test(clause);
}
