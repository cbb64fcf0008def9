// A few rounds of what run.ts does a thousand times.

import os from 'node:os';
import path from 'node:path';
import { rm } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crash } from './harness.ts';

describe('after kills of writer and engine, torn tails and repeated requests', () => {
  it.each([
    { engine: 'apart', rounds: 6 },
    { engine: 'together', rounds: 3 },
  ] as const)(
    'everything acknowledged is there once, the engine and the writer being $engine',
    async ({ engine, rounds }) => {
      const directory = path.join(os.tmpdir(), `turnmeter-crash-${process.pid}-${engine}`);
      onTestFinished(() => rm(directory, { recursive: true, force: true }));
      const { report, findings } = await crash({ directory, rounds, seed: 20_261_122, engine });
      expect(findings.wrong).toEqual([]);
      expect(report).toMatchObject({ rounds });
      expect(findings.calls).toBeGreaterThan(100);
    },
  );
});
