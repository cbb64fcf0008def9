import { StoredAlertRules } from './alerts/stored-alert-rules.ts';
import { StoredAlertStates } from './alerts/stored-alert-states.ts';
import { StoredDeliveries } from './alerts/stored-deliveries.ts';
import { StoredBalances } from './balances/stored-balances.ts';
import { StoredChanges } from './changes/stored-changes.ts';
import { invalid } from './check-input.ts';
import type { ControlStore, ControlStoreOptions } from './control-store.ts';
import type { Database } from './database/database.ts';
import { describeFailure } from './database/describe-failure.ts';
import { openPostgres } from './database/open-postgres.ts';
import { openSqlite } from './database/open-sqlite.ts';
import { StoredKeys } from './keys/stored-keys.ts';
import { StoredLeases } from './leases/stored-leases.ts';
import { StoredLocks } from './locks/stored-locks.ts';
import { StoredPolicies } from './policies/stored-policies.ts';
import { StoredStops } from './stops/stored-stops.ts';

/**
 * Opens the store, and brings its tables up to date. Several processes may do so at once.
 *
 * @throws ControlStoreError invalid, unavailable, busy
 */
export async function openControlStore({ url, file }: ControlStoreOptions): Promise<ControlStore> {
  if ((url === undefined) === (file === undefined)) throw invalid('url', 'either a url or a file', { url, file });
  try {
    return storeOf(await openDatabase({ url, file }));
  } catch (error) {
    throw describeFailure(error);
  }
}

function openDatabase({ url, file }: ControlStoreOptions): Promise<Database> {
  if (url === undefined) return openSqlite(file ?? '');
  if (/^postgres(?:ql)?:\/\//.test(url)) return openPostgres(url);
  // A URL holds a password, so it is not shown.
  throw invalid('url', 'postgres://user:password@host/database', url.replace(/:.*$/s, ':…'));
}

function storeOf(database: Database): ControlStore {
  return {
    policies: new StoredPolicies(database),
    stops: new StoredStops(database),
    leases: new StoredLeases(database),
    keys: new StoredKeys(database),
    alertRules: new StoredAlertRules(database),
    alertStates: new StoredAlertStates(database),
    deliveries: new StoredDeliveries(database),
    balances: new StoredBalances(database),
    changes: new StoredChanges(database),
    locks: new StoredLocks(database),
    dialect: database.dialect,
    stop: () => database.close(),
  };
}
