// Whether the service can take and answer requests, and if not why, in words for whoever reads /readyz.

import type { Store } from '../save/store.ts';
import type { Readiness } from '../serve/operations.ts';
import type { DatabaseAccess } from './database.ts';

export function readinessOf({ store, database }: { store: Store; database: DatabaseAccess }): Readiness {
  const { refusal, quarantined, lastFailure, pendingSegments } = store.status;
  const reasons: string[] = [];
  if (refusal !== undefined) reasons.push(`nothing is accepted: ${refusal}`);
  if (quarantined.length > 0) reasons.push(`segments were put aside and need a person: ${quarantined.join(', ')}`);
  if (database.trouble() !== '') reasons.push(database.trouble());
  // Waiting segments alone are no reason: what is accepted is safe on disk while the database is away.
  if (lastFailure !== undefined && pendingSegments > 0)
    reasons.push(`the database does not take rows: ${lastFailure.code}`);
  return { isReady: reasons.length === 0, reasons };
}
