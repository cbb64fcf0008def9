// Request bodies as real producers sent them; see test/captures/README.md at the root of the repository.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DecodeInput } from '../../src/decode/decoder.ts';

const FOLDER = path.join(import.meta.dirname, '../../../../test/captures');
const SIGNALS = { traces: 'span', logs: 'log', metrics: 'metric' } as const;

export interface CapturedRequest extends DecodeInput {
  /** `adk-native/001-traces.pb` */
  readonly name: string;
  readonly body: Buffer;
}

export function readCaptures(): readonly CapturedRequest[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .flatMap((name) => {
      const match = /-(traces|logs|metrics)\.(pb|json)$/.exec(name);
      if (match === null) return [];
      const signal = SIGNALS[match[1] as keyof typeof SIGNALS];
      const encoding = match[2] === 'pb' ? ('protobuf' as const) : ('json' as const);
      return [{ name, signal, encoding, body: readFileSync(path.join(FOLDER, name)) }];
    });
}
