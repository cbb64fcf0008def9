import type { ServerResponse } from 'node:http';
import { Transform, type Writable } from 'node:stream';

/** ClickHouse gives up on a client that takes nothing for so long (`http_send_timeout`). */
export const SEND_TIMEOUT_MS = 30_000;

/** Waits until more can be written; the response may be closed instead, of which what compresses into it knows nothing. */
export function untilDrained(body: Writable, response: ServerResponse): Promise<'drain' | 'close' | 'timeout'> {
  if (response.destroyed) return Promise.resolve('close');
  return new Promise((resolve) => {
    const settle = (reason: 'drain' | 'close' | 'timeout'): void => {
      clearTimeout(timer);
      body.off('drain', onDrain);
      response.off('close', onClose);
      resolve(reason);
    };
    const onDrain = (): void => settle('drain');
    const onClose = (): void => settle('close');
    const timer = setTimeout(settle, SEND_TIMEOUT_MS, 'timeout');
    body.once('drain', onDrain);
    response.once('close', onClose);
  });
}

/** Lets go of a client that does not go on taking the rest of its answer. */
export function destroyIfStalled(response: ServerResponse): void {
  const { socket } = response;
  let waiting = -1;
  const timer = setInterval(() => {
    if (socket === null || socket.writableLength === waiting) response.destroy();
    else waiting = socket.writableLength;
  }, SEND_TIMEOUT_MS).unref();
  response.once('close', () => clearInterval(timer));
}

/**
 * Writes the last of an answer and breaks the connection without the end of the chunks: who does not know the mark of an
 * exception notices that something is missing.
 */
export function breakOff(response: ServerResponse, body: Writable, last: Buffer): void {
  destroyIfStalled(response);
  if (!(body instanceof Transform)) {
    body.write(last, () => setTimeout(() => response.destroy(), BREAK_MS));
    return;
  }
  // The client looks for an exception at the end of a chunk, so it has to be a chunk of its own.
  flush(body, () => {
    body.write(last);
    flush(body, () => setTimeout(() => response.destroy(), BREAK_COMPRESSED_MS));
  });
}

/** What is written is on its way then. */
const BREAK_MS = 50;
/** A client that decompresses what came before would see the broken connection first, and forget the rest. */
const BREAK_COMPRESSED_MS = 1000;

/** Compressors of `node:zlib` have a `flush` that streams in general have not. */
function flush(encoder: Transform & { flush?: (done: () => void) => void }, done: () => void): void {
  if (encoder.flush === undefined) done();
  else encoder.flush(done);
}
