// Whether the service takes telemetry, and what is not as it should be, in words for whoever reads /readyz.

import type { Control } from '../control/control.ts';
import type { Store } from '../save/store.ts';
import type { Readiness } from '../serve/operations.ts';
import type { DatabaseAccess } from './database.ts';

/**
 * Ready is who takes telemetry. While the database is away it is kept on disk, which is what the disk is for: to send requests elsewhere,
 * where there may be nobody, would lose more. Nor is a segment that was put aside a reason to refuse others, nor that policies cannot be
 * written: those that were read last hold.
 */
export function readinessOf({
  store,
  database,
  control,
}: {
  readonly store: Store;
  readonly database: Pick<DatabaseAccess, 'trouble'>;
  readonly control: Pick<Control, 'trouble'>;
}): Readiness {
  const { refusal, quarantined, lastFailure, pendingSegments } = store.status;
  const reasons: string[] = [];
  if (refusal !== undefined) reasons.push(`nothing is accepted: ${refusal}`);
  if (quarantined.length > 0) reasons.push(`segments were put aside and need a person: ${quarantined.join(', ')}`);
  if (database.trouble() !== '') reasons.push(database.trouble());
  if (control.trouble !== '') reasons.push(control.trouble);
  if (lastFailure !== undefined && pendingSegments > 0)
    reasons.push(`the database does not take rows: ${lastFailure.code}`);
  return { isReady: refusal === undefined, reasons };
}
