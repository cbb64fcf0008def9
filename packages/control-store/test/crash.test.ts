// Processes that are killed while they write: what they were told is in the ledger, once.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { playKills } from './crash/play-kills.ts';

it('keeps each balance operation that was answered, once, when its writers are killed again and again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'turnmeter-control-crash-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'control.sqlite');
  const report = await playKills({ file, operations: 1500, kills: 5, writers: 2, accounts: 5, atOnce: 32 });
  expect(report).toMatchObject({ lost: [], unknown: [], findings: [], negative: 0 });
  expect(report.answered).toBeGreaterThanOrEqual(1500);
  // Or none was killed in the middle.
  expect(report.askedAgain).toBeGreaterThan(0);
});
