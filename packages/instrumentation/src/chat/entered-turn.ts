import { AsyncLocalStorage } from 'node:async_hooks';
import type { OpenTurn } from '../emit/turn.ts';
import { addScopeSource, currentScope, type Scope } from '../session/scope.ts';

/**
 * Makes the calling code, and all that it starts from here on, part of a turn. There is no function to run the turn in, only this
 * moment; the turn is left when it ends.
 */
export function enterTurn(turn: OpenTurn): void {
  if (!isSource) {
    isSource = true;
    addScopeSource(() => (isHidden ? undefined : openOf(entered.getStore())?.turn.scope));
  }
  entered.enterWith({ turn, outer: openOf(entered.getStore()) });
}

/**
 * Where the calling code is, apart from turns that were entered: two chats whose callbacks take turns in one place are not inside each
 * other.
 */
export function scopeOutsideEntered(): Scope {
  isHidden = true;
  try {
    return currentScope();
  } finally {
    isHidden = false;
  }
}

interface Entered {
  readonly turn: OpenTurn;
  /** What was entered before and is still open. */
  readonly outer: Entered | undefined;
}

const entered = new AsyncLocalStorage<Entered | undefined>();
let isSource = false;
let isHidden = false;

/** Those that have ended are passed over, so that turn after turn in one place makes no chain. */
function openOf(from: Entered | undefined): Entered | undefined {
  let at = from;
  while (at?.turn.isEnded === true) at = at.outer;
  return at;
}
