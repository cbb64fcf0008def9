// The thread of a store in an SQLite file. Waiting for the disk, and for others that write, holds up nothing else of the process.

import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { describeFailure } from '../database/describe-failure.ts';
import { openSqlite } from '../database/open-sqlite.ts';
import { storeOf } from '../store-of.ts';
import { failedOf, OPENED, type Call, type Reply } from './messages.ts';

assert(parentPort !== null, 'runs as a worker thread');
const port = parentPort;

function reply(message: Reply): void {
  port.postMessage(message);
}

try {
  const store = storeOf(await openSqlite(String(workerData)));
  const methodOf = ({ repository, method }: Call): ((...values: readonly unknown[]) => Promise<unknown>) => {
    const owner = repository === '' ? store : Reflect.get(store, repository);
    const found: unknown = Reflect.get(owner as object, method);
    assert(typeof found === 'function', `the store has ${repository}.${method}`);
    return (...values) => Reflect.apply(found, owner, values) as Promise<unknown>;
  };
  port.on('message', (call: Call) => {
    methodOf(call)(...call.values)
      .then((value) => reply({ id: call.id, value }))
      .catch((error: unknown) => reply({ id: call.id, failure: failedOf(error) }));
  });
  reply({ id: OPENED, value: undefined });
} catch (error) {
  reply({ id: OPENED, failure: failedOf(describeFailure(error)) });
}
