// What a receiver says it did not take, and why, as exporters read it.

import { DecodeError } from './decode-error.ts';
import { Wire } from './wire.ts';

export interface PartialSuccess {
  /** Records that were refused; 0 when everything was taken. */
  readonly rejected: number;
  readonly message: string;
}

const EVERYTHING_TAKEN: PartialSuccess = { rejected: 0, message: '' };

/**
 * Reads the answer to an export request.
 *
 * Export…ServiceResponse: 1 partial_success MESSAGE. Export…PartialSuccess: 1 rejected_… VARINT · 2 error_message STRING.
 */
export function readPartialSuccess(body: Uint8Array): PartialSuccess {
  const wire = new Wire(body);
  let { rejected, message } = EVERYTHING_TAKEN;
  try {
    wire.fields(0, body.length, (outer, begin, end) => {
      if (outer !== 0x0a) return;
      wire.fields(begin, end, (tag, from, to) => {
        if (tag === 0x08) rejected = wire.varint(from, to);
        if (tag === 0x12) message = wire.bytes.toString('utf8', from, to);
      });
    });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return EVERYTHING_TAKEN;
  }
  return { rejected, message };
}

/** Why a request was refused as a whole. google.rpc.Status: 1 code VARINT · 2 message STRING · 3 details. */
export function readStatusMessage(body: Uint8Array): string | undefined {
  const wire = new Wire(body);
  let message: string | undefined;
  try {
    wire.fields(0, body.length, (tag, from, to) => {
      if (tag === 0x12) message = wire.bytes.toString('utf8', from, to);
    });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return undefined;
  }
  return message;
}
