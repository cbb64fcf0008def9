// How a running session stands, for streams.

import { StopKind } from '@turnmeter/control-store';
import type { Control } from '../../control/control.ts';
import type { SessionCost } from '../../query/session-costs.ts';
import type { StopNews } from '../../control/stop-board.ts';
import { isoOf, moneyOf } from './amounts.ts';
import { standingOf } from './cost-check-document.ts';
import type { ReleaseEventDocument, SessionStatusDocument, StopEventDocument } from './session-event.ts';
import { stopDocument } from './stop-document.ts';

/** @throws ControlStoreError while policies are not known and the control store is away */
export async function sessionStatus(
  control: Pick<Control, 'standings' | 'stops' | 'versions'>,
  tenant: string,
  { cost, state }: { readonly cost: SessionCost; readonly state: SessionStatusDocument['state'] },
): Promise<SessionStatusDocument> {
  const workflow = cost.workflow === '' ? undefined : cost.workflow;
  const { evaluation } = await control.standings.of({
    tenant,
    workflow,
    version: control.versions.of(tenant, cost),
    nanoUsd: Math.max(0, Number(cost.costNanoUsd)),
    tokens: Math.max(0, cost.tokens),
    turns: Math.max(0, cost.turns),
  });
  return {
    session_id: cost.sessionId,
    workflow: workflow ?? null,
    state,
    cost: moneyOf(cost.costNanoUsd),
    tokens: cost.tokens,
    turns: cost.turns,
    inferences: cost.inferences,
    errors: cost.errors,
    began_at: isoOf(cost.beganUs),
    last_at: isoOf(cost.lastUs),
    status: evaluation.status,
    ...standingOf(evaluation),
    // What is over has its end.
    ...(state === 'finalized' ? { projected_cost: null } : {}),
    is_stopped: control.stops.of(tenant, cost.sessionId, cost.workflow) !== undefined,
  };
}

/** What somebody who watches a session, or a workflow, or everything, is told of a stop; undefined where it is about others. */
export function stopEvent(news: StopNews): StopEventDocument | ReleaseEventDocument {
  if (news.is === 'stop') return stopDocument(news.stop);
  const { kind, target } = news;
  return kind === StopKind.SESSION ? { session_id: target, workflow: null } : { session_id: null, workflow: target };
}
