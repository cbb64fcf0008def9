// A backup while the database is away: what was accepted waits on disk, and the backup for it.

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { chat, newTraceId, tracesOf } from '../doctor/otlp-spans.ts';
import { runEngine, until } from '../../save/running-engine.ts';
import { startUnreliableNetwork } from '../../save/unreliable-network.ts';
import { runService, startTurnmeter } from '../running-service.ts';

it('waits as long as --wait says for what is not in the database, then says what waits, or has it', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-backup-wait-'));
  const engine = await runEngine();
  const network = await startUnreliableNetwork(engine.url);
  const service = await runService({ TURNMETER_CLICKHOUSE_URL: network.url });
  try {
    const readyz = async (): Promise<string> => (await fetch(`${service.apiUrl}/readyz`)).text();
    network.isDown = true;
    const call = tracesOf([{ traceId: newTraceId(), attributes: chat({ 'session.id': 's-1' }) }]);
    const headers = { 'content-type': 'application/json' };
    const sent = await fetch(`${service.otlpUrl}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(call) });
    expect(sent.status).toBe(200);
    await until(async () => (await readyz()).includes('does not take rows'), 'an insert that fails');

    const early = path.join(folder, 'early');
    const { code, stderr } = await service.turnmeter('backup', early, '--wait', '1s');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /there is no backup after 1 s of waiting: .+ \d+ closed segments of \d+ bytes wait, .+ waited for \d+ s; .+ database_unavailable/,
    );
    expect(stderr).toContain('--wait 1h');
    expect(await readdir(early)).toEqual([]);

    // The same directory, as nothing is in it.
    const patient = startTurnmeter(['backup', early, '--wait', '2m', '--json'], { TURNMETER_URL: service.apiUrl });
    await until(() => patient.stderr().includes('bringing all that was accepted'), 'it waits');
    network.isDown = false;
    expect(await patient.ended).toEqual({ code: 0, signal: null });
    const { files } = JSON.parse(patient.stdout()) as { files: readonly { table: string | null; rows: number }[] };
    expect(files.filter(({ table }) => table === 'observations').map(({ rows }) => rows)).toEqual([1]);
  } finally {
    await service.stop();
    await network.close();
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
