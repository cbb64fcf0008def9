// Comes in: answers that somebody may still read, and the calls they belong to. Goes out: the end of a call whose answer nobody can read
// any more. An app that never awaits an answer, or lets a stream go in the middle, has still made the call.

/** What is told when an answer is lost. */
export interface UnreadCall {
  forgotten(): void;
  /** The answer that was still to come is there, or the part of it that is. */
  later(answer: unknown): void;
}

/** Ends the call when the object is gone; `object` must be reachable for as long as the answer can be read. */
export function watch(object: object, call: UnreadCall): void {
  forget(call);
  lost.register(object, call, call);
  unread.add(call);
  if (unread.size <= UNREAD_MAX) return;
  for (const oldest of unread) {
    oldest.forgotten();
    forget(oldest);
    break;
  }
}

/** The answer is still to come, and will be asked for by its id. */
export function hold(id: string, call: UnreadCall): void {
  watch(HELD, call);
  heldIds.set(call, id);
  held.set(id, call);
}

/** Who waits for the answer of that id. */
export function heldFor(id: string): UnreadCall | undefined {
  return held.get(id);
}

/** The call is over, or another object is what its answer is read from. */
export function forget(call: UnreadCall): void {
  if (unread.delete(call)) lost.unregister(call);
  const id = heldIds.get(call);
  if (id === undefined) return;
  heldIds.delete(call);
  held.delete(id);
}

/** Ends all of them: the process is about to end, and what is not told now never is. */
export function endUnreadCalls(): void {
  for (const call of unread) {
    call.forgotten();
    forget(call);
  }
}

const lost = new FinalizationRegistry<UnreadCall>((call) => {
  unread.delete(call);
  call.forgotten();
});
const unread = new Set<UnreadCall>();
const held = new Map<string, UnreadCall>();
const heldIds = new Map<UnreadCall, string>();
/** An id is never garbage: such a call ends when its answer is asked for, when there are too many, or with the process. */
const HELD = {};
/** Streams that are open at the same time; some 2 KB each. */
const UNREAD_MAX = 10_000;
