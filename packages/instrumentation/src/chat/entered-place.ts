import { AsyncLocalStorage } from 'node:async_hooks';
import { addScopeSource, currentScope, isBelow, rootScope, type Scope } from '../session/scope.ts';
import { processState } from '../session/process-state.ts';

/** A turn or session whose code cannot be put into a function: it begins in one callback and ends in another. */
export interface Place {
  readonly scope: Scope;
  /** Nothing is in it any more. */
  readonly isOver: () => boolean;
  /** Where the code is again when this is over. */
  readonly around?: Place | undefined;
}

/**
 * Makes the calling code, and all that it starts from here on, part of a place until that is over.
 *
 * Callers of the calling code that have not waited yet are in it too; that cannot be helped. So it counts only where the code is still in
 * the session that it was entered from, and whoever enters a place of his own is in that one alone.
 */
export function enterPlace(place: Place): void {
  if (!isSource) {
    isSource = true;
    addScopeSource(scopeOfPlace);
  }
  entered.enterWith({ place, from: scopeOfCode() });
}

/** Where the calling code is, apart from places that were entered: chats whose callbacks take turns are not inside each other. */
export function scopeOutsidePlaces(): Scope {
  isHidden = true;
  try {
    return currentScope();
  } finally {
    isHidden = false;
  }
}

interface Entered {
  readonly place: Place;
  /** The scope of the code that entered it. */
  readonly from: Scope;
}

const entered = new AsyncLocalStorage<Entered>();
let isSource = false;
let isHidden = false;

function scopeOfPlace(): Scope | undefined {
  const at = isHidden ? undefined : entered.getStore();
  if (at === undefined || !isBelow(scopeOfCode(), at.from)) return undefined;
  let place: Place | undefined = at.place;
  while (place?.isOver() === true) place = place.around;
  return place?.scope;
}

function scopeOfCode(): Scope {
  return processState().scopes.getStore() ?? rootScope();
}
