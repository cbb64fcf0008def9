import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  GenAiOperationUnpublished,
  TurnOutcome,
} from '@turnmeter/semconv';
import { startStopwatch } from '../emit/clock.ts';
import { errorTypeOf } from '../emit/error-type.ts';
import { guarded } from '../emit/guarded.ts';
import { identityAttributes, ownLabels } from '../emit/identity-attributes.ts';
import { recorder } from '../emit/recorder.ts';
import { currentScope, parentContext, runInScope, scopeBelow, type Scope } from '../session/scope.ts';
import type { Ending } from './ending.ts';
import { follow } from './follow.ts';
import type { Follower } from './follower.ts';

/** Runs code that waits for a person. What it returns comes back as it is. */
export function humanInput<T>(work: () => T, scope: Scope = currentScope()): T {
  const follower = guarded('begin of a wait for a person', () => startWait(scope));
  return follower === undefined ? work() : follow(work, follower);
}

function startWait(outer: Scope): Follower {
  const watch = startStopwatch();
  const operation = GenAiOperationUnpublished.AWAIT_HUMAN_INPUT;
  const span = recorder().tracer.startSpan(
    operation,
    {
      kind: SpanKind.INTERNAL,
      startTime: watch.startMs,
      attributes: { [ATTR_GEN_AI_OPERATION_NAME]: operation, ...identityAttributes(outer) },
    },
    parentContext(outer),
  );
  const scope = scopeBelow(outer, { inference: undefined, span });
  // From its begin on: a turn may end (by an abort) before the person answers.
  const back = outer.turn?.away.begin(watch.startMs);
  let isOver = false;
  const finish = ({ outcome, error, endMs = watch.nowMs() }: Ending): void => {
    const waitMs = Math.max(0, endMs - watch.startMs);
    back?.(endMs);
    if (outer.turn !== undefined) outer.turn.humanWaitMs += waitMs;
    outer.live?.addHumanWait(waitMs);
    recorder().instruments.humanWait.record(waitMs / 1000, ownLabels(outer.identity));
    if (outcome === TurnOutcome.FAILED) {
      span.setAttribute(ATTR_ERROR_TYPE, errorTypeOf(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endMs);
  };
  return {
    within: (step) => runInScope(scope, step),
    ended: (ending) => {
      if (isOver) return;
      isOver = true;
      guarded('end of a wait for a person', () => finish(ending));
    },
    idleMsMax: recorder().config.turnTimeoutMs,
  };
}
