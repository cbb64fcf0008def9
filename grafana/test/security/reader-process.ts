// The engine in a process of its own, as one user: `node reader-process.ts <data directory> <configuration file>`. It takes `{id, sql}` and answers
// `{id, text}` or `{id, error}`.

import process from 'node:process';
import { Session } from 'chdb';

const [directory = '', configuration = ''] = process.argv.slice(2);
const session = new Session(directory, { connectionArgs: [`--config-file=${configuration}`] });

process.on('message', ({ id, sql, format }: { readonly id: number; readonly sql: string; readonly format: string }) => {
  try {
    process.send?.({ id, text: session.query(sql, format) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.on('disconnect', () => {
  session.cleanup();
  process.exitCode = 0;
});
process.send?.({ id: 0, text: 'ready' });
