// `npm run stack` as somebody runs it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { RunningProgram } from '@turnmeter/programs/running-program';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROOT } from '../../repository.ts';
import { SETTLED_WITHIN, STARTED_WITHIN_MS } from './started-stack.ts';

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly said: () => string;
}

const IN_ORDER = ['collector', 'prometheus', 'alertmanager', 'turnmeter'];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-command-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function stack(...options: readonly string[]): Run {
  const child = spawn(process.execPath, [path.join(ROOT, 'stack/src/main.ts'), ...options], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  return { child, ended: once(child, 'close').then(([code]) => code as number | null), said: () => output };
}

async function isUp({ said }: Run): Promise<void> {
  await vi.waitFor(() => expect(said()).toContain('OTEL_EXPORTER_OTLP_HEADERS'), {
    timeout: STARTED_WITHIN_MS,
    interval: 250,
  });
}

function endedIn(said: string): readonly string[] {
  return [...said.matchAll(/^(\w+) has ended$/gm)].map(([, name = '']) => name);
}

describe('npm run stack', () => {
  it('sends recordings once, sees them in Prometheus, and ends', { timeout: STARTED_WITHIN_MS }, async () => {
    const run = stack('--once', '--free-ports');
    expect(await run.ended, `it said: ${run.said()}`).toBe(0);
    expect(run.said()).toMatch(/the ledger has 0\.\d+ USD, and so has Prometheus/);
    expect(endedIn(run.said())).toEqual(IN_ORDER);
  });

  it(
    'ends all in order when it is interrupted, and begins again with the same secrets',
    { timeout: STARTED_WITHIN_MS },
    async () => {
      const headers = [];
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        const run = stack('--free-ports', '--directory', 'kept');
        await isUp(run);
        run.child.kill(signal);
        expect(await run.ended, `it said: ${run.said()}`).toBe(0);
        expect(endedIn(run.said())).toEqual(IN_ORDER);
        headers.push(/OTEL_EXPORTER_OTLP_HEADERS="(.*)"/.exec(run.said())?.[1]);
      }
      expect(headers[0]).toMatch(/^authorization=Basic /);
      expect(headers[1]).toBe(headers[0]);
    },
  );

  it('says which program ended by itself, and ends the others', { timeout: STARTED_WITHIN_MS }, async () => {
    const run = stack('--free-ports', '--directory', 'broken');
    await isUp(run);
    const [pid] = await childrenOf(run.child.pid, 'prometheus');
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await run.ended).toBe(1);
    expect(run.said()).toContain('prometheus ended by itself (SIGKILL). It wrote last:\n  ');
    await vi.waitFor(async () => expect(await childrenOf(run.child.pid, '')).toEqual([]), SETTLED_WITHIN);
  });

  it('starts nothing where a port is in use, and says which', async () => {
    const server = net.createServer().listen(9093, '127.0.0.1');
    // Somebody else's is as good.
    await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => undefined);
    const run = stack('--directory', 'busy');
    expect(await run.ended).toBe(1);
    expect(run.said()).toMatch(/Ports? [\d, ]*9093\b.* in use/);
    expect(run.said()).not.toContain('is ready');
    server.close();
  });
});

describe('a program that ends before it is ready', () => {
  it('is told with what it wrote last', async () => {
    const program = new RunningProgram({
      name: 'brief',
      file: process.execPath,
      args: ['--eval', 'console.log("last words"); process.exitCode = 3'],
      cwd: directory,
      ready: /never/,
    });
    await expect(program.ready()).rejects.toThrow('brief ended by itself (exit code 3). It wrote last:\n  last words');
  });

  it('is told where it is not there at all', async () => {
    const program = new RunningProgram({ name: 'absent', file: './absent', args: [], cwd: directory, ready: /never/ });
    await expect(program.ready()).rejects.toThrow(/absent ended by itself \(could not be started\).*\n.*ENOENT/);
  });
});

/** Processes that a process has started, of a name. */
async function childrenOf(parent: number | undefined, name: string): Promise<readonly number[]> {
  const found = await Promise.all(
    (await readdir('/proc')).map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const isChild = new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status);
      return isChild && status.startsWith(`Name:\t${name}`) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
