// How deep JSON is nested, before it is parsed: the parser takes any depth, and whoever walks the result runs out of stack.

import { DecodeError, DecodeFault } from '../decode-error.ts';

/** OTLP nests about ten levels, and four more for each list or map inside a value: enough for the hundred that a Collector passes on. */
const DEPTH_MAX = 512;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** Throws when the lists and maps of a JSON text are nested too deep. Whether it is JSON at all is the parser's business. */
export function checkDepth(text: Buffer): void {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (isString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isString = false;
    } else if (byte === QUOTE) {
      isString = true;
    } else if (byte === OPEN_MAP || byte === OPEN_LIST) {
      depth++;
      if (depth > DEPTH_MAX) throw new DecodeError(DecodeFault.NESTING_TOO_DEEP, at);
    } else if (byte === CLOSE_MAP || byte === CLOSE_LIST) {
      depth--;
    }
  }
}
