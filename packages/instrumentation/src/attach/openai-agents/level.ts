import type { OpenRun } from '../../emit/run.ts';
import type { OpenTurn } from '../../emit/turn.ts';
import type { Scope } from '../../session/scope.ts';
import type { Failure } from './failure.ts';
import type { SdkSpan } from './sdk-tracing.ts';

/** What one span or trace of the SDK is here. */
export interface Level {
  readonly parent: Level | undefined;
  /** Where code below it is. */
  readonly scope: Scope;
  readonly run?: OpenRun | undefined;
  readonly turn?: OpenTurn | undefined;
  /** The span is over. */
  end?(span: SdkSpan): void;
  /** Who passed on to whom here, until that agent begins. */
  handedOver?: { readonly from: string; readonly to: string } | undefined;
  /** Nobody waited for the last answer of this turn. */
  wasLeft?: boolean | undefined;
  /** How the last work directly below it failed. */
  failure?: Failure | undefined;
  /** Work directly below it failed. */
  onFailure?: (() => void) | undefined;
}

/** The turn that a level is in. */
export function turnLevelOf(level: Level | undefined): Level | undefined {
  let at = level;
  while (at !== undefined && at.turn === undefined) at = at.parent;
  return at;
}
