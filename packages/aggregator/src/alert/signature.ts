// Messages are signed as Standard Webhooks says (https://www.standardwebhooks.com, specification 1.0.0): HMAC-SHA256 over
// `id.timestamp.body`, with the key that the secret `whsec_<base64>` holds. Receivers check it with the libraries there.

import { createHmac } from 'node:crypto';
import { TargetError } from './alert-error.ts';

const PREFIX = 'whsec_';
/** Of the key, as the specification bounds it. */
const KEY_BYTES = { min: 24, max: 64 } as const;

export interface SignedMessage {
  /** The same for each attempt, so that receivers can tell repetitions. */
  readonly id: string;
  readonly body: string;
  readonly nowMs: number;
}

/** Headers of a message. @throws TargetError where the secret is none */
export function signatureHeaders(secret: string, { id, body, nowMs }: SignedMessage): Readonly<Record<string, string>> {
  const timestamp = Math.floor(nowMs / 1000);
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': `${timestamp}`, 'webhook-signature': `v1,${signature}` };
}

/** @throws TargetError that does not repeat the secret */
export function checkSecret(secret: string): void {
  keyOf(secret);
}

function keyOf(secret: string): Buffer {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(text, 'base64');
  const isWhole = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
  if (isWhole && key.length >= KEY_BYTES.min && key.length <= KEY_BYTES.max) return key;
  throw new TargetError(
    'secret_invalid',
    `expected ${PREFIX} and ${KEY_BYTES.min} to ${KEY_BYTES.max} bytes in base64, as \`openssl rand -base64 32\` makes them`,
  );
}
