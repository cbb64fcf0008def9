import { existsSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, runService, startTurnmeter } from '../running-service.ts';
import { runTurnmeter } from '../run-turnmeter.ts';
import { chat, newTraceId, tracesOf } from '../doctor/otlp-spans.ts';

/** Figures of every session, by id. */
type Figures = Readonly<Record<string, { readonly tokens: number; readonly cost: number }>>;

interface SessionsDocument {
  readonly sessions: readonly {
    readonly session_id: string;
    readonly session_summary: { readonly total_tokens: number; readonly total_cost: number };
  }[];
}

const BEFORE = 40;
/** Enough to be under way while a backup is made, and few enough to be sent again one by one. */
const CALLS_MAX = 200;
const folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-backup-'));
const backup = path.join(folder, 'backup');
const calls: object[] = [];
let service: RunningService;
let original: Figures;

/** A session of its own, with one call of its own size, that can be sent again as it is. */
function numberedCall(number: number): object {
  const attributes = { 'session.id': `session-${number}`, 'gen_ai.workflow.name': 'numbered' };
  const call = chat({ ...attributes, 'gen_ai.usage.input_tokens': 100 + number });
  return tracesOf([{ traceId: newTraceId(), attributes: call }]);
}

/** Resolves when it is acknowledged. */
async function send({ otlpUrl }: Pick<RunningService, 'otlpUrl'>, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
}

async function flush({ apiUrl }: Pick<RunningService, 'apiUrl'>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${apiUrl}/api/v1/flush`, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(200);
}

async function figuresOf(running: RunningService): Promise<Figures> {
  const { sessions } = await running.json<SessionsDocument>('sessions', '--limit', '1000');
  return Object.fromEntries(
    sessions.map(({ session_id, session_summary: { total_tokens: tokens, total_cost: cost } }) => [
      session_id,
      { tokens, cost },
    ]),
  );
}

/** Sends calls until it is told to stop, one after the other. */
function sendOn(): () => Promise<void> {
  let isStopped = false;
  const sending = (async () => {
    while (!isStopped && calls.length < CALLS_MAX) {
      const call = numberedCall(calls.length);
      calls.push(call);
      await send(service, call);
      await wait(20);
    }
  })();
  return async () => {
    isStopped = true;
    await sending;
  };
}

beforeAll(async () => {
  service = await runService();
  for (let number = 0; number < BEFORE; number++) {
    calls.push(numberedCall(number));
    await send(service, calls[number] ?? {});
  }
  await service.turnmeter('balance', 'grant', 'trial', '1000');
  await service.turnmeter('balance', 'deduct', 'trial', '250');
  await service.turnmeter('finalize', 'session-1');
  const stop = sendOn();
  const { code, stderr } = await service.turnmeter('backup', backup);
  await stop();
  if (code !== 0) throw new Error(`there is no backup: ${stderr}`);
  await service.turnmeter('balance', 'deduct', 'trial', '100');
  await flush(service);
  original = await figuresOf(service);
}, 400_000);
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A copy of the backup to be spoiled. */
async function copyOf(name: string): Promise<string> {
  const copy = path.join(folder, name);
  await cp(backup, copy, { recursive: true });
  return copy;
}

describe('a backup of a service that is sent to meanwhile', () => {
  it('has all that was acknowledged before, once; what is sent again is known, and what came later is new', async () => {
    const dataDir = path.join(folder, 'restored');
    const { code, stderr } = await runTurnmeter(['restore', backup, '--data-dir', dataDir]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const restored = await runService({}, { dataDir });
    try {
      expect(await restored.json('check')).toMatchObject({ ok: true });
      const figures = await figuresOf(restored);
      for (let number = 0; number < BEFORE; number++) {
        expect(figures[`session-${number}`]).toEqual(original[`session-${number}`]);
        // 10 are the answer's.
        expect(figures[`session-${number}`]?.tokens).toBe(110 + number);
      }
      expect(await restored.json('balance', 'show', 'trial')).toMatchObject({ balance: { free: '750', spent: '250' } });
      expect(await restored.json('session', 'session-1')).toMatchObject({ state: 'finalized' });
      expect(calls.length).toBeGreaterThan(BEFORE);
      for (const call of calls) await send(restored, call);
      await flush(restored);
      expect(await figuresOf(restored)).toEqual(original);
      expect(await restored.json('check')).toMatchObject({ ok: true });
    } finally {
      await restored.stop();
    }
  }, 400_000);

  it('is for nobody else on the machine to read, and leaves nothing behind in the data directory', async () => {
    expect((await stat(backup)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(backup)) expect((await stat(path.join(backup, file))).mode & 0o777).toBe(0o600);
    expect((await readdir(service.dataDir)).filter((name) => name.includes('copy'))).toEqual([]);
  });

  it('goes into a directory of its own', async () => {
    const { code, stderr } = await service.turnmeter('backup', backup);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is not empty: expected a directory for this backup alone/);
  });
});

describe('a restore', () => {
  const firstFile = async (directory: string): Promise<string> =>
    path.join(directory, (await readdir(directory)).find((name) => name.startsWith('entries-')) ?? '');

  it.for([
    [
      'a changed byte',
      async (file: string) => writeFile(file, flipped(await readFile(file))),
      /expected SHA-256 .+, received/,
    ],
    ['a missing end', (file: string) => truncate(file, 100), /expected \d+ bytes, received 100/],
    ['something behind the end', (file: string) => appendFile(file, 'x'), /expected \d+ bytes, received \d+/],
    ['a missing file', (file: string) => rm(file), /ENOENT/],
  ] as const)('tells %s, and changes nothing', async ([what, spoil, said]) => {
    const copy = await copyOf(what);
    await spoil(await firstFile(copy));
    const dataDir = path.join(folder, `not ${what}`);
    const { code, stderr } = await runTurnmeter(['restore', copy, '--data-dir', dataDir]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/the backup is damaged, in entries-/);
    expect(stderr).toMatch(said);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('knows a backup that was not finished, one of a newer version, and one of other tables', async () => {
    const manifest = JSON.parse(await readFile(path.join(backup, 'manifest.json'), 'utf8'));
    const restoreWith = async (name: string, changed: object | undefined): Promise<string> => {
      const copy = await copyOf(name);
      const file = path.join(copy, 'manifest.json');
      await (changed === undefined ? rm(file) : writeFile(file, JSON.stringify({ ...manifest, ...changed })));
      return (await runTurnmeter(['restore', copy, '--data-dir', path.join(folder, `not ${name}`)])).stderr;
    };
    expect(await restoreWith('unfinished', undefined)).toMatch(/no finished backup: expected manifest\.json in it/);
    expect(await restoreWith('newer format', { format: 2 })).toMatch(/of a newer Turnmeter: expected format 1/);
    const later = { name: '9999_later', checksum: '0'.repeat(64) };
    const migrations = [...manifest.migrations, later];
    expect(await restoreWith('newer tables', { migrations })).toMatch(/9999_later: a newer version was here/);
    const files = [{ ...manifest.files[0], file: '../../etc/passwd' }];
    expect(await restoreWith('elsewhere', { files })).toMatch(/manifest\.json, files\.0\.file/);
  }, 60_000);

  it('takes no directory in which there is something', async () => {
    const { code, stderr } = await runTurnmeter(['restore', backup, '--data-dir', backup]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/restored into an empty directory: expected nothing in/)]);
  });

  it('that was killed leaves a directory that no service takes', async () => {
    const dataDir = path.join(folder, 'killed');
    const restoring = startTurnmeter(['restore', backup, '--data-dir', dataDir]);
    while (!existsSync(path.join(dataDir, 'restore-unfinished'))) await wait(5);
    restoring.process.kill('SIGKILL');
    await restoring.ended;
    const { code, stderr } = await runTurnmeter([
      'up',
      '--data-dir',
      dataDir,
      '--http-port',
      '0',
      '--otlp-port',
      '0',
      '--grpc-port',
      '0',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is a part of a backup: expected a restore that ended.+restore_unfinished/);
  }, 60_000);

  it('only looks with --dry-run', async () => {
    const document = await runTurnmeter(['restore', backup, '--dry-run', '--json']);
    expect(JSON.parse(document.stdout)).toMatchObject({ data_dir: null, version: '0.0.0' });
  });
});

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed[50] = (changed[50] ?? 0) ^ 1;
  return changed;
}
