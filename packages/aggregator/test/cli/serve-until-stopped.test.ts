import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTurnmeter } from './run-turnmeter.ts';
import { descendantsOf, ESCAPE, isRunning, startTurnmeter } from './running-service.ts';
import { temporaryFolders } from './temporary-folders.ts';

const newFolder = temporaryFolders();

const folder = newFolder();
const FREE_PORTS = ['--otlp-port', '0', '--grpc-port', '0', '--http-port', '0', '--log-level', 'error'];
const STOP_MS_MAX = 20_000;

describe('turnmeter up', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'says what to do next, and stops at %s with 0 and no process left',
    async (signal) => {
      const dataDir = path.join(folder, signal);
      const up = startTurnmeter(['up', '--data-dir', dataDir, ...FREE_PORTS]);
      const text = await up.output((said) => said.includes('no keys are configured'));
      expect(text).toMatch(/^ready in [\d.]+ m?s\n\n {2}send {3}http:\/\/127\.0\.0\.1:\d+ {2}OTLP\/HTTP/);
      expect(text).toMatch(/\n {2}turnmeter sessions --url http:\/\/127\.0\.0\.1:\d+\n/);
      expect(text).not.toContain(ESCAPE);
      const descendants = descendantsOf(up.process.pid ?? 0);
      expect(descendants.length).toBeGreaterThan(0);
      up.process.kill(signal);
      const startedAt = Date.now();
      expect(await up.ended).toEqual({ code: 0, signal: null });
      expect(Date.now() - startedAt).toBeLessThan(STOP_MS_MAX);
      expect(up.stderr()).toMatch(/stopping: storing what was received .*\nstopped in /);
      expect(descendants.filter(isRunning)).toEqual([]);
    },
  );

  it('ends with 130 when it is interrupted while it starts', async () => {
    const up = startTurnmeter(['up', '--data-dir', path.join(folder, 'early'), ...FREE_PORTS]);
    // The spinner's line is there long before the engine.
    await new Promise((resolve) => up.process.stderr?.once('data', resolve));
    up.process.kill('SIGINT');
    const { code } = await up.ended;
    expect(code).toBe(130);
    expect(up.stdout()).toBe('');
  });

  it('keeps its data where it was called, and tells of a port that is in use', async () => {
    const dataDir = path.join(folder, 'first');
    const up = startTurnmeter(['up', '--json', '--data-dir', dataDir, ...FREE_PORTS]);
    const { http_port: port } = JSON.parse(await up.output((text) => text.includes('\n'))) as { http_port: number };
    expect(existsSync(dataDir)).toBe(true);
    const second = await runTurnmeter([
      'up',
      '--data-dir',
      path.join(folder, 'second'),
      ...FREE_PORTS,
      '--http-port',
      String(port),
    ]);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain(`error: port ${port} is in use by another program: expected a free one`);
    up.process.kill('SIGTERM');
    expect(await up.ended).toEqual({ code: 0, signal: null });
  });
});
