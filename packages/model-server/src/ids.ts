import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * An id in a provider's form: its prefix and then letters and digits, of any case or of hexadecimal digits. Ids are never the
 * same in two runs, since whoever reads the telemetry takes two spans with one response id for one call.
 */
export function newId(prefix: string, length: number, form: 'any' | 'hex' = 'any'): string {
  if (form === 'hex')
    return (
      prefix +
      randomBytes(Math.ceil(length / 2))
        .toString('hex')
        .slice(0, length)
    );
  return prefix + Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
