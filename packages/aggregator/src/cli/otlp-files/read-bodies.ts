// in: a file. out: the OTLP requests in it, inflated, with signal and encoding. refused: what is no OTLP, or larger than it may be.

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { Signal } from '@turnmeter/accounting';
import { guessSignal } from '../../decode/guess-signal.ts';
import { formatBytes } from '../text/amounts.ts';

/** One export request as it lay in a file. */
export interface OtlpBody {
  readonly signal: Signal;
  readonly encoding: 'protobuf' | 'json';
  readonly bytes: Uint8Array;
}

/** Why a file, or a line of it, is no OTLP. */
export interface UnreadableBody {
  readonly reason: string;
  /** JSON of something else, whole and sound: a manifest that lies beside telemetry, say. */
  readonly isForeign?: true;
}

/** A file as a whole has to fit into memory; the Collector's file exporter rotates at 100 MB. */
const FILE_BYTES_MAX = 1024 ** 3;

/** Requests of a file. One of JSON lines, as the Collector's file exporter writes, has one a line. */
export async function readBodies(
  file: string,
  bytesMax: number = FILE_BYTES_MAX,
): Promise<readonly (OtlpBody | UnreadableBody)[]> {
  const bytes = await readInflated(file, bytesMax);
  if (!(bytes instanceof Uint8Array)) return [bytes];
  if (bytes.length === 0) return [{ reason: 'the file is empty' }];
  if (!isJson(bytes, file)) return [readProtobuf(bytes, file)];
  const whole = readJson(bytes, file);
  // One document on several lines is read as such; only a file that is none may be a list of them.
  return 'reason' in whole ? readLines(bytes, file, whole) : [whole];
}

async function readInflated(file: string, bytesMax: number): Promise<Uint8Array | UnreadableBody> {
  const tooLarge = { reason: `it is larger than ${formatBytes(bytesMax)}, inflated: split it` };
  try {
    const { size } = await stat(file);
    if (size > bytesMax) return tooLarge;
    const bytes = await readFile(file);
    const options = { maxOutputLength: bytesMax };
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return await promisify(gunzip)(bytes, options);
    const isZstd = bytes.length >= 4 && bytes.readUInt32LE(0) === ZSTD_MAGIC;
    return isZstd ? await promisify(zstdDecompress)(bytes, options) : bytes;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : { reason: `it cannot be read: ${message}` };
  }
}

const ZSTD_MAGIC = 0xfd2f_b528;

/** Protobuf begins with the tag 0x0a, which is a line break in JSON: the first character behind white space tells. */
function isJson(bytes: Uint8Array, file: string): boolean {
  if (/\.(?:json|jsonl|ndjson)(?:\.(?:gz|zst))?$/i.test(file)) return true;
  if (/\.pb(?:\.(?:gz|zst))?$/i.test(file)) return false;
  return bytes[0] === OPENING_BRACE;
}

const OPENING_BRACE = 0x7b;
const LINE_BREAK = 0x0a;

function readProtobuf(bytes: Uint8Array, file: string): OtlpBody | UnreadableBody {
  const signal = guessSignal(bytes) ?? signalOfName(file);
  if (signal !== undefined) return { signal, encoding: 'protobuf', bytes };
  return { reason: 'expected an OTLP request: it holds no span, log record or metric, and its name says no signal' };
}

function readLines(bytes: Uint8Array, file: string, whole: UnreadableBody): readonly (OtlpBody | UnreadableBody)[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LINE_BREAK, from);
    const line = bytes.subarray(from, end === -1 ? bytes.length : end);
    if (line.some((byte) => byte > 0x20)) lines.push(line);
    from = end === -1 ? bytes.length : end + 1;
  }
  const bodies = lines.map((line) => readJson(line, file));
  const isList = bodies.length > 1 && bodies.some((body) => !('reason' in body));
  if (!isList) return [whole];
  return bodies.map((body, at) => ('reason' in body ? { reason: `line ${at + 1}: ${body.reason}` } : body));
}

/** Names of the top-level lists; snake_case is what other serializers write. */
const SIGNAL_OF_LIST: ReadonlyMap<string, Signal> = new Map([
  ['resourceSpans', Signal.SPAN],
  ['resource_spans', Signal.SPAN],
  ['resourceLogs', Signal.LOG],
  ['resource_logs', Signal.LOG],
  ['resourceMetrics', Signal.METRIC],
  ['resource_metrics', Signal.METRIC],
]);

function readJson(bytes: Uint8Array, file: string): OtlpBody | UnreadableBody {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    // The parser's message quotes the text, which may be a prompt.
    return { reason: 'it is not JSON' };
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { reason: 'expected a JSON object', isForeign: true };
  }
  const names = Object.keys(document);
  const named = names.flatMap((name) => SIGNAL_OF_LIST.get(name) ?? [])[0];
  const signal = named ?? (names.length === 0 ? signalOfName(file) : undefined);
  if (signal !== undefined) return { signal, encoding: 'json', bytes };
  return {
    reason: `expected resourceSpans, resourceLogs or resourceMetrics, received ${describeNames(names)}`,
    isForeign: true,
  };
}

function describeNames(names: readonly string[]): string {
  if (names.length === 0) return 'an empty object';
  return (
    names
      .slice(0, 3)
      .map((name) => JSON.stringify(name.slice(0, 40)))
      .join(', ') + (names.length > 3 ? ', ...' : '')
  );
}

/** `002-traces.pb` → spans. */
function signalOfName(file: string): Signal | undefined {
  const name = path.basename(file).toLowerCase();
  if (/(?:^|[^a-z])(?:traces?|spans?)(?:[^a-z]|$)/.test(name)) return Signal.SPAN;
  if (/(?:^|[^a-z])logs?(?:[^a-z]|$)/.test(name)) return Signal.LOG;
  return /(?:^|[^a-z])metrics?(?:[^a-z]|$)/.test(name) ? Signal.METRIC : undefined;
}
