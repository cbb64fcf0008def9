import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { openControlStore } from '../src/index.ts';
import { describeControlStore } from './suite/describe-control-store.ts';

describe('a control store in an SQLite file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'turnmeter-control-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  describeControlStore({ open: () => openControlStore({ file: path.join(folder, 'control.sqlite') }) }, { runs: 100 });
});
