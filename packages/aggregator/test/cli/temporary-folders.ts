import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** For the tests of one file: a function that makes an empty folder. All of them are removed when the tests are over. */
export function temporaryFolders(): () => string {
  const root = mkdtempSync(path.join(tmpdir(), 'turnmeter-cli-'));
  let count = 0;
  afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  return () => {
    const folder = path.join(root, String(++count));
    mkdirSync(folder);
    return folder;
  };
}
