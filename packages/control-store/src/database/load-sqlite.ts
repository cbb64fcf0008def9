import type * as Sqlite from 'node:sqlite';

/**
 * Node's own SQLite. Releases before it was declared stable warn of it when it is loaded, once, on the terminal of whoever runs the service;
 * that one warning is left out, and no other.
 */
export function loadSqlite(): typeof Sqlite {
  // Put back as it was, and called with `process` as before.
  // oxlint-disable-next-line typescript/unbound-method
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...options: unknown[]): void => {
    const text = typeof warning === 'string' ? warning : warning.message;
    if (/\bSQLite is an experimental feature\b/.test(text)) return;
    Reflect.apply(emitWarning, process, [warning, ...options]);
  };
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
