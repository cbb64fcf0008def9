// A PostgreSQL of Debian's for tests: a cluster of its own in a temporary folder, on loopback, stopped and removed afterwards.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@turnmeter/programs/free-ports';

const run = promisify(execFile);

const START_MS_MAX = 60_000;
const DEBIAN_FOLDER = '/usr/lib/postgresql';
/** Debian's `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

export interface PostgresServer {
  readonly url: string;
  /** Runs one of PostgreSQL's own programs, of the server's version. @returns what it printed */
  run(program: string, ...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const programs = await findPrograms();
  const folder = mkdtempSync(path.join(tmpdir(), 'turnmeter-postgres-'));
  const owner = process.getuid?.() === 0 ? NOBODY : undefined;
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  const options = { cwd: folder, ...owner };
  await run(path.join(programs, 'initdb'), ['-D', data, '-U', 'turnmeter', '-A', 'trust', '-E', 'UTF8'], options);
  const port = await freePort();
  const server = spawn(
    path.join(programs, 'postgres'),
    ['-D', data, '-p', `${port}`, '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=100'],
    { ...options, stdio: 'ignore' },
  );
  const stop = async (): Promise<void> => {
    await stopServer(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(programs, port);
    return {
      url: `postgres://turnmeter@127.0.0.1:${port}/postgres`,
      run: async (program, ...args) => (await run(path.join(programs, program), args)).stdout,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Installs them where they are missing. */
async function findPrograms(): Promise<string> {
  const known = await programsFolder();
  if (known !== undefined) return known;
  await run('apt-get', ['update']);
  await run('apt-get', ['install', '--yes', '--no-install-recommends', 'postgresql'], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const installed = await programsFolder();
  if (installed === undefined) throw new Error('Debian installed PostgreSQL elsewhere than where it does.');
  return installed;
}

async function programsFolder(): Promise<string | undefined> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  const newest = versions.toSorted((a, b) => Number(a) - Number(b)).at(-1);
  return newest && path.join(DEBIAN_FOLDER, newest, 'bin');
}

async function untilReady(programs: string, port: number): Promise<void> {
  const deadline = Date.now() + START_MS_MAX;
  for (;;) {
    try {
      await run(path.join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', `${port}`]);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  // Fast shutdown: connections that are left are closed.
  server.kill('SIGINT');
  await exited;
}
