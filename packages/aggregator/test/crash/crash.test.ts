// A few rounds of what run.ts does a thousand times.

import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crash } from './harness.ts';
import { crashService } from './service/crash-service.ts';

function newDirectory(name: string): string {
  const directory = path.join(os.tmpdir(), `turnmeter-crash-${process.pid}-${name}`);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe('after kills of writer and engine, torn tails and repeated requests', () => {
  it.each([
    { engine: 'apart', rounds: 6 },
    { engine: 'together', rounds: 3 },
  ] as const)(
    'everything acknowledged is there once, the engine and the writer being $engine',
    async ({ engine, rounds }) => {
      const { report, findings } = await crash({ directory: newDirectory(engine), rounds, seed: 20_261_122, engine });
      expect(findings.wrong).toEqual([]);
      expect(findings).toMatchObject({ lost: 0, doubled: 0 });
      expect(report).toMatchObject({ rounds });
      // How many it gets through depends on the machine; that there is something to find does not.
      expect(findings.calls).toBeGreaterThan(10);
      // Some came together: what is there of a segment is found whatever the others were.
      expect(report.savedSegments).toBeGreaterThan(report.inserts);
    },
    120_000,
  );
});

describe('after kills of `turnmeter up` and of its engine', () => {
  it('its sessions are those that the models of real producers served', async () => {
    const { report, findings } = await crashService({
      directory: newDirectory('service'),
      rounds: 3,
      seed: 20_261_122,
    });
    expect(findings).toEqual({ exact: report.captures, lost: 0, doubled: 0, wrong: [] });
    expect(report.serviceKills + report.stops).toBe(3);
    expect(report.captures).toBeGreaterThan(0);
  }, 240_000);
});
