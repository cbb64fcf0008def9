// ClickHouse's users cannot be signed in as where there is no server: an embedded engine has the user `default` and nobody else. Here that user is given
// everything that the file of make-secrets gives a reader, and the others in the file are there as they are.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface EngineAs {
  /** What the engine writes, tab-separated unless another format is asked for. Rejects with its message. */
  query(sql: string, format?: string): Promise<string>;
  stop(): Promise<void>;
}

/** Who has all rights, in the file's stead of `default`: the aggregator's user in docker-compose.yml. */
export const ADMINISTRATOR = 'turnmeter';

/** Opens the database in the directory as one of the users of the file. Only one can have it open. */
export async function openAs(user: string, usersXml: string, directory: string): Promise<EngineAs> {
  const users = path.join(directory, 'users.xml');
  const configuration = path.join(directory, 'config.xml');
  await writeFile(users, asDefault(user, usersXml));
  await writeFile(configuration, `<clickhouse><users_config>${users}</users_config></clickhouse>\n`);
  const child = fork(new URL('./reader-process.ts', import.meta.url), [path.join(directory, 'data'), configuration], {
    serialization: 'advanced',
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The engine did not open as ${user}`);
    }),
  ]);
  return connect(child);
}

interface Answer {
  readonly id: number;
  readonly text?: string;
  readonly error?: string;
}

function connect(child: ChildProcess): EngineAs {
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer));
  child.once('exit', () => {
    for (const [id, answer] of waiting) answer({ id, error: 'The engine ended' });
  });
  let count = 0;
  return {
    query: async (sql, format = 'TSV') => {
      const id = ++count;
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      child.send({ id, sql, format });
      const { text, error } = await answered;
      waiting.delete(id);
      if (text === undefined) throw new Error(`${error}: ${sql.slice(0, 200)}`);
      return text;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

const SIGNS_IN = /<default>\s*<password_sha256_hex>\w+<\/password_sha256_hex>\s*<networks>.*<\/networks>/;

/**
 * The file with one user under the name `default`, who needs no password here. An embedded engine knows no `settings_constraints_replace_previous`, without
 * which a constraint that is changeable in readonly is refused; profile and quota `default` are there on a server.
 */
function asDefault(user: string, usersXml: string): string {
  const administrator = `<default>
      <no_password/>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </default>`;
  const renamed =
    user === ADMINISTRATOR
      ? usersXml.replace('<users>', `<users>${administrator}`)
      : usersXml
          .replace(`<${user}>`, '<default>')
          .replace(`</${user}>`, '</default>')
          .replace(SIGNS_IN, '<default><no_password/><networks><ip>::/0</ip></networks>');
  return renamed
    .replaceAll('<changeable_in_readonly/>', '')
    .replace('<profiles>', '<profiles><default/>')
    .replace('<quotas>', '<quotas><default/>');
}
