import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readinessOf } from '../../src/service/readiness.ts';
import { temporaryDirectory } from '../save/journal/temporary-directory.ts';
import { runEngine, type RunningEngine, until } from '../save/running-engine.ts';
import { startUnreliableNetwork } from '../save/unreliable-network.ts';
import { CALL, span, startWritingSide, type WritingSide, type WritingSideOptions } from './writing-side.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.stop());

let count = 0;
async function start(options: Partial<WritingSideOptions>): Promise<WritingSide> {
  const place = { directory: await temporaryDirectory(), url: engine.url, database: `readiness_${++count}` };
  const writing = await startWritingSide({ ...place, ...options });
  onTestFinished(() => writing.stop());
  return writing;
}

const call = span({ trace: 1, id: 1 }, 1, CALL);
const database = { trouble: (): string => '' };
const control = { trouble: '' };

describe('readinessOf', () => {
  it('says that all is well', async () => {
    const { store } = await start({});
    expect(readinessOf({ store, database, control })).toEqual({ isReady: true, reasons: [] });
  });

  it('stays ready while the database is away, as what comes is kept, and says so', async () => {
    const network = await startUnreliableNetwork(engine.url);
    onTestFinished(() => network.close());
    const { store, send, pipeline } = await start({ url: network.url });
    network.isDown = true;
    await send([call]);
    await pipeline.book();
    await until(() => store.status.lastFailure !== undefined, 'an insert that fails');
    expect(readinessOf({ store, database: { trouble: () => 'the embedded engine is restarting' }, control })).toEqual({
      isReady: true,
      reasons: ['the embedded engine is restarting', 'the database does not take rows: database_unavailable'],
    });
    network.isDown = false;
    await store.whenAllSaved();
    expect(readinessOf({ store, database, control })).toEqual({ isReady: true, reasons: [] });
  });

  it('is not ready while nothing is taken', async () => {
    let freeBytes = Number.POSITIVE_INFINITY;
    const { store, send } = await start({ freeBytes: () => freeBytes });
    freeBytes = 1000;
    await until(
      () =>
        send([call]).then(
          () => false,
          () => true,
        ),
      'a request that is refused',
    );
    expect(readinessOf({ store, database, control })).toEqual({
      isReady: false,
      reasons: ['nothing is accepted: disk_full'],
    });
  });

  it('stays ready while the control store is away, as what was read holds, and says so', async () => {
    const { store } = await start({});
    expect(readinessOf({ store, database, control: { trouble: 'the control store cannot be read' } })).toEqual({
      isReady: true,
      reasons: ['the control store cannot be read'],
    });
  });

  it('is ready though a segment was put aside, and names it', async () => {
    const directory = await temporaryDirectory();
    await mkdir(path.join(directory, 'quarantine'));
    await writeFile(path.join(directory, 'quarantine', '0000000000000007.journal'), '');
    const { store } = await start({ directory });
    expect(readinessOf({ store, database, control })).toEqual({
      isReady: true,
      reasons: ['segments were put aside and need a person: 7'],
    });
  });
});
