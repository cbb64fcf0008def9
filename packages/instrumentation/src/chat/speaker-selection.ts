import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  GenAiOperationUnpublished,
  Purpose,
  TurnOutcome,
} from '@turnmeter/semconv';
import { errorTypeOf } from '../emit/error-type.ts';
import { guarded } from '../emit/guarded.ts';
import { identityAttributes } from '../emit/identity-attributes.ts';
import { recorder } from '../emit/recorder.ts';
import { currentScope, parentContext, runInScope, scopeBelow, type Scope } from '../session/scope.ts';
import type { Ending } from './ending.ts';
import { follow } from './follow.ts';
import type { Follower } from './follower.ts';

/** Whose work choosing the speaker is. */
export interface SelectionOptions {
  /** The agent that chooses, where one does. @default nobody: the calls are the chat's own */
  readonly agent?: string | undefined;
}

/** Runs code that chooses who speaks next: its model calls are for that purpose, and no turn. */
export function selectSpeaker<T>(work: () => T, { agent }: SelectionOptions = {}, scope: Scope = currentScope()): T {
  const follower = guarded('begin of a speaker selection', () => startSelection(scope, agent));
  return follower === undefined ? work() : follow(work, follower);
}

function startSelection(outer: Scope, agent: string | undefined): Follower {
  const operation = GenAiOperationUnpublished.SPEAKER_SELECTION;
  const named = scopeBelow(outer, {
    identity: { agent },
    inference: undefined,
    purpose: Purpose.SPEAKER_SELECTION,
  });
  const span = recorder().tracer.startSpan(
    operation,
    {
      kind: SpanKind.INTERNAL,
      attributes: { [ATTR_GEN_AI_OPERATION_NAME]: operation, ...identityAttributes(named) },
    },
    parentContext(named),
  );
  const scope = scopeBelow(named, { span });
  const finish = ({ outcome, error, endMs }: Ending): void => {
    if (outcome === TurnOutcome.FAILED) {
      span.setAttribute(ATTR_ERROR_TYPE, errorTypeOf(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endMs);
  };
  let isOver = false;
  return {
    within: (step) => runInScope(scope, step),
    ended: (ending) => {
      if (isOver) return;
      isOver = true;
      guarded('end of a speaker selection', () => finish(ending));
    },
    idleMsMax: recorder().config.turnTimeoutMs,
  };
}
