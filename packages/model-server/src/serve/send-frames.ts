import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Frame } from '../dialect.ts';
import { Outcome } from '../ledger/entry.ts';
import type { Reply } from '../script/reply.ts';

/** What of a stream went out. */
export interface Sent {
  readonly outcome: Outcome;
  /** Chunks sent, of those that there are. */
  readonly chunks: number;
  readonly usage: boolean;
}

/** A stream and what becomes of it. */
export interface Sending {
  readonly frames: readonly Frame[];
  readonly errorFrame: Frame;
  readonly reply: Reply;
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal;
  /** Called before the last frame goes out, so that a client which has read it finds it in the ledger. */
  readonly onLast: (sent: Sent) => void;
}

/** Writes the events of a stream, with the pauses and faults that the reply asks for. @returns what went out. */
export async function sendFrames(response: ServerResponse, sending: Sending): Promise<Sent> {
  const { frames, reply, gone } = sending;
  const brokenChunk = reply.malformedJson === true ? frames.findLastIndex(({ isChunk }) => isChunk === true) : -1;
  let sent: Sent = { outcome: Outcome.pending, chunks: 0, usage: false };
  for (const [index, frame] of frames.entries()) {
    if (isDue(reply.cutAfterChunks, sent, frame)) return cut(response, sent);
    if (isDue(reply.errorAfterChunks, sent, frame)) return fail(response, sending, sent);
    if (frame.isChunk === true && sent.chunks > 0) await pauseUnlessGone(reply.chunkDelayMs ?? 0, gone);
    if (gone.aborted) return { ...sent, outcome: Outcome.aborted };
    const isLast = index === frames.length - 1;
    const next: Sent = {
      outcome: isLast ? Outcome.served : Outcome.pending,
      chunks: sent.chunks + (frame.isChunk === true ? 1 : 0),
      usage: sent.usage || (frame.hasUsage === true && brokenChunk === -1),
    };
    if (isLast && reply.cutAfterChunks === undefined) sending.onLast(next);
    await write(response, index === brokenChunk ? breakJson(frame.text) : frame.text);
    sent = next;
  }
  if (reply.cutAfterChunks !== undefined) return cut(response, sent);
  response.end();
  return sent;
}

/** Half of a JSON text, and the end of the event where it was one. */
export function breakJson(text: string): string {
  const end = text.trimEnd();
  return end.slice(0, Math.ceil(end.length / 2)) + text.slice(end.length);
}

/** Waits, but no longer than there is a client. */
export async function pauseUnlessGone(ms: number, gone: AbortSignal): Promise<void> {
  if (ms <= 0 || gone.aborted) return;
  // The pause ends with an AbortError when the client goes away, which the caller sees in the signal.
  await pause(ms, undefined, { signal: gone }).catch(() => undefined);
}

// What leads up to the first chunk goes out in any case, so that a stream which breaks off has begun.
function isDue(after: number | undefined, sent: Sent, frame: Frame): boolean {
  return after !== undefined && sent.chunks >= after && (frame.isChunk === true || sent.chunks > 0);
}

function cut(response: ServerResponse, sent: Sent): Sent {
  response.destroy();
  return { ...sent, outcome: Outcome.cut };
}

async function fail(response: ServerResponse, { errorFrame, onLast }: Sending, sent: Sent): Promise<Sent> {
  const failed: Sent = { ...sent, outcome: Outcome.failed };
  onLast(failed);
  await write(response, errorFrame.text);
  response.end();
  return failed;
}

// Waits until the bytes are with the kernel: what is destroyed before that never reaches the client.
function write(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    response.write(text, () => resolve());
  });
}
