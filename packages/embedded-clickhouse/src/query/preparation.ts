import { QUERY_ID_SETTING } from '../engine/engine-config.ts';
import type { EngineConnection } from '../engine/native-engine.ts';
import { isPlainName, quoteBytes, quoteName, quoteText } from '../sql/literals.ts';
import type { QueryRequest } from './query-request.ts';

/**
 * Gives a new connection the database, roles, settings and parameters of a request, by USE and SET on that connection
 * alone: the engine's own interface for parameters mixes up those of queries that run at the same time.
 *
 * @throws Error of the engine if one of them is unknown or wrong.
 */
export async function prepare(connection: EngineConnection, request: QueryRequest): Promise<void> {
  const readOnly = request.isReadOnly && !request.settings.has('readonly') ? ["readonly = '2'"] : [];
  await apply(connection, request, DATABASE_OF_NEW_CONNECTION, readOnly);
}

/**
 * Runs something on the connection of a session with the database, settings and parameters of a request, and takes them
 * back: only what SQL sets stays in a session. (A parameter stays as well, as the engine cannot forget one, but each
 * request brings its own.)
 */
export async function withPrepared<T>(
  connection: EngineConnection,
  request: QueryRequest,
  run: () => Promise<T>,
): Promise<T> {
  const before = await readState(connection, request);
  try {
    await apply(connection, request, before.database, []);
    return await run();
  } catch (error) {
    // What a statement wrote before it failed would otherwise be the beginning of the next one's answer.
    await connection.query('SELECT 1 FORMAT Null');
    throw error;
  } finally {
    const resets = before.settings.map(
      ([name, value]) => `${name} = ${value === undefined ? 'DEFAULT' : quoteText(value)}`,
    );
    const statements = resets.length === 0 ? [] : [`SET ${resets.join(', ')}`];
    if (request.database !== undefined && request.database !== before.database) {
      statements.push(`USE ${quoteName(before.database)}`);
    }
    if (statements.length > 0) await connection.query(statements.join('; '));
  }
}

interface ConnectionState {
  readonly database: string;
  /** The settings that the request names, with their values; undefined is the default. */
  readonly settings: readonly (readonly [name: string, value: string | undefined])[];
}

async function readState(connection: EngineConnection, request: QueryRequest): Promise<ConnectionState> {
  const names = ['max_query_size', ...request.settings.keys()].map(quoteText).join(', ');
  const answer = await connection.query(
    `SELECT currentDatabase(), groupArray(name), groupArray(value), groupArray(changed)
     FROM system.settings WHERE name IN (${names})`,
    'JSONCompactEachRow',
  );
  const [database, settings, values, changed] = JSON.parse(answer.bytes.toString('utf8')) as [
    string,
    string[],
    string[],
    number[],
  ];
  return {
    database,
    settings: settings.map((name, index) => [name, changed[index] === 1 ? values[index] : undefined]),
  };
}

async function apply(
  connection: EngineConnection,
  request: QueryRequest,
  currentDatabase: string,
  moreAssignments: readonly string[],
): Promise<void> {
  const statements: string[] = [];
  if (request.database !== undefined && request.database !== currentDatabase) {
    statements.push(`USE ${quoteName(request.database)}`);
  }
  if (request.roles.length > 0) statements.push(`SET ROLE ${request.roles.map(quoteName).join(', ')}`);
  const assignments = [...parameterAssignments(request), ...settingAssignments(request), ...moreAssignments];
  const bytes = assignments.reduce((sum, assignment) => sum + assignment.length, 0);
  if (bytes > QUERY_CHARS_SAFE) assignments.push(await raiseQuerySize(connection, request));
  if (assignments.length > 0) statements.push(`SET ${assignments.join(', ')}`);
  if (statements.length > 0) await connection.query(statements.join('; '));
}

/**
 * Parameters do not count as SQL for `max_query_size`, but here they are SQL.
 *
 * @returns what sets it back.
 */
async function raiseQuerySize(connection: EngineConnection, request: QueryRequest): Promise<string> {
  const answer = await connection.query("SELECT getSetting('max_query_size')");
  await connection.query(`SET max_query_size = ${QUERY_CHARS_RAISED}`);
  const before = request.settings.get('max_query_size') ?? answer.bytes.toString('utf8').trim();
  return `max_query_size = ${quoteText(before)}`;
}

/** A quarter of the default of `max_query_size`, as a character may take four bytes. */
const QUERY_CHARS_SAFE = 64 * 1024;
const QUERY_CHARS_RAISED = 1024 * 1024 * 1024;

const DATABASE_OF_NEW_CONNECTION = 'default';

/** A name that is no identifier cannot stand in `{name:Type}`, so nothing asks for it. */
function parameterAssignments(request: QueryRequest): readonly string[] {
  return [...request.parameters]
    .filter(([name]) => isPlainName(name))
    .map(([name, value]) => `param_${name} = ${quoteBytes(value)}`);
}

/** An unknown name is the engine's to refuse; quoted, it cannot be more than a name. The one that is ours stays ours. */
function settingAssignments(request: QueryRequest): readonly string[] {
  return [...request.settings]
    .filter(([name]) => name !== QUERY_ID_SETTING)
    .map(([name, value]) => `${isPlainName(name) ? name : quoteName(name)} = ${quoteText(value)}`);
}
