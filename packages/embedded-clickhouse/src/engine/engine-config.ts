import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The engine's own log. */
export interface EngineLog {
  readonly file: string;
  /** @default 'information' */
  readonly level?: 'error' | 'warning' | 'information' | 'debug' | 'trace';
}

/** What the engine's process has to know. It travels as JSON. */
export interface EngineConfig {
  readonly dataDir: string;
  readonly password: string;
  readonly runningQueriesMax: number;
  readonly waitingQueriesMax: number;
  readonly memoryBytesMax: number;
  readonly insertBytesMax: number;
  readonly bufferedResultBytesMax: number;
  readonly allowExternalSources: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly serverSettings: Readonly<Record<string, string>>;
  readonly engineLog: EngineLog | undefined;
}

/**
 * The setting in which a query carries its id. The engine has no way to name a query, but shows its settings in
 * `system.processes`, where KILL QUERY finds it. Only the Redis and NATS table engines read this one; the profile below
 * forbids SQL to change it, so that every query can be cancelled.
 */
export const QUERY_ID_SETTING = 'stream_like_engine_insert_queue';

/**
 * Writes the engine's configuration into the directory and returns the arguments to open the engine with. Naming a file
 * also keeps the engine from reading `config.xml` in the working or home directory.
 */
export function writeEngineConfig(config: EngineConfig, directory: string): readonly string[] {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const configFile = path.join(directory, 'config.xml');
  const usersFile = path.join(directory, 'users.xml');
  writeFileSync(usersFile, usersXml(config), { mode: 0o600 });
  writeFileSync(configFile, configXml(config, usersFile, directory), { mode: 0o600 });
  return [`--config-file=${configFile}`];
}

function configXml(config: EngineConfig, usersFile: string, directory: string): string {
  const { engineLog } = config;
  return `<clickhouse>
  <users_config>${escapeXml(usersFile)}</users_config>
  <user_scripts_path>${escapeXml(path.join(directory, 'no-scripts'))}</user_scripts_path>
  <access_control_improvements>
    <table_engines_require_grant>true</table_engines_require_grant>
  </access_control_improvements>
${elements({ ...SMALL_SERVER, max_server_memory_usage: `${config.memoryBytesMax}`, ...config.serverSettings })}
${engineLog === undefined ? '' : `  <logger><log>${escapeXml(engineLog.file)}</log><level>${engineLog.level ?? 'information'}</level></logger>`}
</clickhouse>
`;
}

/** A server takes caches of gigabytes; an engine beside an application does with less. Limits in bytes. */
const SMALL_SERVER: Readonly<Record<string, string>> = {
  mark_cache_size: `${128 * 1024 * 1024}`,
  index_mark_cache_size: `${32 * 1024 * 1024}`,
  primary_index_cache_size: `${128 * 1024 * 1024}`,
  uncompressed_cache_size: '0',
  query_condition_cache_size: `${16 * 1024 * 1024}`,
  parquet_metadata_cache_size: `${16 * 1024 * 1024}`,
  iceberg_metadata_files_cache_size: `${16 * 1024 * 1024}`,
  // The memory tracker follows the process's real size; the rest of the process is small beside it.
  max_server_memory_usage_to_ram_ratio: '0.9',
};

/**
 * One user without a password: who may speak is the HTTP server's business. `async_insert` answers before the data is
 * stored and `implicit_select` makes a statement of any expression; a server of this version has them the other way
 * round, or, for the first, should have in front of an application that counts.
 */
function usersXml(config: EngineConfig): string {
  const profile = {
    async_insert: '0',
    implicit_select: '0',
    allow_introspection_functions: '0',
    // A directory called `a=b` above the spool would become a column of what is inserted.
    use_hive_partitioning: '0',
    ...config.settings,
  };
  const grants = config.allowExternalSources ? ['GRANT ALL ON *.*'] : CLOSED_GRANTS;
  return `<clickhouse>
  <profiles>
    <default>
${elements(profile)}
      <constraints>
        <${QUERY_ID_SETTING}><readonly/></${QUERY_ID_SETTING}>
        <dialect><readonly/></dialect>
      </constraints>
    </default>
  </profiles>
  <users>
    <default>
      <password></password>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
${[...grants, 'REVOKE SYSTEM SHUTDOWN ON *.*'].map((grant) => `        <query>${grant}</query>`).join('\n')}
      </grants>
    </default>
  </users>
  <quotas><default/></quotas>
</clickhouse>
`;
}

/**
 * All but what reaches outside of the data directory. In an embedded engine `file()` reads and writes any file of the
 * process, and the source of a dictionary may be a shell command.
 */
const CLOSED_GRANTS: readonly string[] = [
  'GRANT ALL ON *.*',
  'REVOKE SOURCES ON *.*',
  'REVOKE CREATE DICTIONARY ON *.*',
  'REVOKE TABLE ENGINE ON *',
  ...['', 'Replacing', 'Summing', 'Aggregating', 'Collapsing', 'VersionedCollapsing', 'Coalescing', 'Graphite'].map(
    (kind) => `GRANT TABLE ENGINE ON ${kind}MergeTree`,
  ),
  ...['Memory', 'Log', 'TinyLog', 'StripeLog', 'Null', 'Set', 'Join', 'Buffer', 'Merge', 'GenerateRandom', 'Alias'].map(
    (engine) => `GRANT TABLE ENGINE ON ${engine}`,
  ),
];

/** Database engines whose data is in the data directory; the others read files, services or other servers. */
export const LOCAL_DATABASE_ENGINES: ReadonlySet<string> = new Set(['Atomic', 'Ordinary', 'Memory']);

function elements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `  <${name}>${escapeXml(value)}</${name}>`)
    .join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll(/[<>&"']/g, (character) => `&#${character.codePointAt(0)};`);
}
