import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';

const MAIN = path.join(import.meta.dirname, '../src/main.ts');

let child: ChildProcessByStdio<null, Readable, Readable> | undefined;

afterEach(() => child?.kill('SIGKILL'));

async function start(...args: readonly string[]): Promise<string> {
  child = spawn(process.execPath, [MAIN, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line;
}

async function ask(url: string, text: string): Promise<unknown> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4.1', messages: [{ role: 'user', content: text }] }),
  });
  return response.json();
}

describe('the command', () => {
  test('prints its address, answers by the group chat, and shows and clears the ledger', async () => {
    const url = await start('--script', 'group-chat');

    await ask(url, 'Go. [agent:Writer] [session:s-1]');
    const ledger = (await (await fetch(`${url}/ledger`)).json()) as { totals: unknown; entries: unknown[] };
    expect(ledger.totals).toMatchObject({ calls: 1 });
    expect(ledger.entries).toMatchObject([{ agent: 'Writer', session: 's-1', outcome: 'served' }]);

    expect((await fetch(`${url}/ledger`, { method: 'DELETE' })).status).toBe(204);
    expect(await (await fetch(`${url}/ledger`)).json()).toMatchObject({ totals: { calls: 0 }, entries: [] });
  });

  test('takes another script while it runs, and keeps its own when that is wrong', async () => {
    const { url } = JSON.parse(await start('--json')) as { url: string };
    const put = (rules: unknown) =>
      fetch(`${url}/script`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rules),
      });

    expect((await put([{ reply: { text: 'By rule.' } }])).status).toBe(204);
    const refused = await put([{ reply: { txt: 'Misspelled.' } }]);

    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining('txt') });
    expect(await ask(url, 'Go.')).toMatchObject({ choices: [{ message: { content: 'By rule.' } }] });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0', async (signal) => {
    await start();

    child?.kill(signal);
    const [code] = (await once(child!, 'exit')) as [number];

    expect(code).toBe(0);
  });

  test('reads rules from a file', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'model-server-'));
    try {
      const file = path.join(directory, 'rules.json');
      await writeFile(file, JSON.stringify([{ reply: { text: 'From a file.' } }]));
      const url = await start('--script', file);

      expect(await ask(url, 'Go.')).toMatchObject({ choices: [{ message: { content: 'From a file.' } }] });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('a script that is not there is an error', async () => {
    child = spawn(process.execPath, [MAIN, '--script', '/no/such/rules.json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stderr] = (await once(createInterface(child.stderr), 'line')) as [string];
    const [code] = (await once(child, 'exit')) as [number];

    expect(stderr).toContain('ENOENT');
    expect(code).toBe(1);
  });
});
