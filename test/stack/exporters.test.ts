// Exporters that are not JavaScript's, over both protocols and all compressions they have, into the real service.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SessionDocument, TurnmeterProcess } from '../captured/turnmeter-process.ts';

const run = promisify(execFile);
const SENDERS = path.join(import.meta.dirname, 'senders');

let directory: string;
let turnmeter: TurnmeterProcess;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-stack-'));
  turnmeter = await TurnmeterProcess.start(path.join(directory, 'data'));
});
afterAll(async () => {
  await turnmeter.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What a sender is told: where HTTP is, where gRPC is, who it is. */
function targets(tenant: string): readonly string[] {
  return [turnmeter.otlpUrl, `127.0.0.1:${turnmeter.grpcPort}`, tenant];
}

function amounts(sessions: readonly SessionDocument[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sessions
      .filter(({ session_id }) => session_id !== null)
      .map(({ session_id, tokens }) => [session_id, `${tokens.input} in, ${tokens.output} out`]),
  );
}

describe('exporters for Python', () => {
  it('are counted once, over HTTP plain and compressed and over gRPC, beside a metric of the same', async () => {
    const python = path.join(directory, 'python', 'bin', 'python');
    await run('python3', ['-m', 'venv', path.join(directory, 'python')]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '-r', path.join(SENDERS, 'python', 'requirements.txt')]);
    await run(python, [path.join(SENDERS, 'python', 'send.py'), ...targets('python')]);
    await expect
      .poll(async () => amounts(await turnmeter.sessions('python')), { timeout: 30_000 })
      .toEqual({
        'http-none': '300 in, 30 out',
        'http-gzip': '300 in, 30 out',
        'http-deflate': '300 in, 30 out',
        grpc: '1000 in, 7 out',
      });
    const unattributed = (await turnmeter.sessions('python')).filter(({ session_id }) => session_id === null);
    expect(unattributed.reduce((total, { tokens }) => total + tokens.input, 0)).toBe(0);
  });
});

describe('exporters for Go', () => {
  it('are counted once, over HTTP with gzip and over gRPC', async () => {
    const sender = path.join(directory, 'sender');
    await run('go', ['build', '-o', sender, '.'], { cwd: path.join(SENDERS, 'go') });
    await run(sender, [...targets('go')]);
    await expect
      .poll(async () => amounts(await turnmeter.sessions('go')), { timeout: 30_000 })
      .toEqual({ http: '300 in, 30 out', grpc: '1000 in, 7 out' });
  });
});
