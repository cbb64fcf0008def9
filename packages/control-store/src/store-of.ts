import { StoredAlertRules } from './alerts/stored-alert-rules.ts';
import { StoredAlertStates } from './alerts/stored-alert-states.ts';
import { StoredDeliveries } from './alerts/stored-deliveries.ts';
import { StoredBalances } from './balances/stored-balances.ts';
import { StoredChanges } from './changes/stored-changes.ts';
import type { ControlStore } from './control-store.ts';
import type { Database } from './database/database.ts';
import { StoredKeys } from './keys/stored-keys.ts';
import { StoredLeases } from './leases/stored-leases.ts';
import { StoredLocks } from './locks/stored-locks.ts';
import { StoredPolicies } from './policies/stored-policies.ts';
import { StoredStops } from './stops/stored-stops.ts';

/** All repositories over one database. */
export function storeOf(database: Database): ControlStore {
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
    copyTo: (file) => database.copyTo(file),
    stop: () => database.close(),
  };
}
