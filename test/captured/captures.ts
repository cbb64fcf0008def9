// What real producers sent, and what their models really served; see test/captures/README.md.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Signal } from '@turnmeter/accounting';
import { fromProtobuf, type PlainRequest, toProtobuf } from '../../packages/aggregator/test/decode/official-codec.ts';

const FOLDER = path.join(import.meta.dirname, '../captures');
const SIGNALS = { traces: 'span', logs: 'log', metrics: 'metric' } as const;

/** One export request, as the producer sent it or, of an encoding it did not use, by OpenTelemetry's own code. */
export interface CapturedRequest<Body> {
  readonly signal: Signal;
  readonly body: Body;
}

export interface TokenTruth {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cached_input_tokens: number;
  readonly cache_write_input_tokens?: number;
  readonly reasoning_output_tokens: number;
}

/** What the model server served, and under which names the producer tells it. */
export interface Truth {
  readonly all_sessions: {
    readonly totals: TokenTruth;
    readonly per_agent: Readonly<Record<string, TokenTruth>>;
  };
  /** Without numbers where a session had no call that succeeded. */
  readonly sessions: Readonly<Record<string, { readonly totals: Partial<TokenTruth> }>>;
  /** Name in the truth → name in the telemetry. */
  readonly agent_names?: Readonly<Record<string, string>>;
  /** Session in the truth → ids in the telemetry. */
  readonly session_ids?: Readonly<Record<string, readonly string[] | Readonly<Record<string, unknown>>>>;
}

/** Where a producer itself leaves something out; all else has to agree to the token. */
export interface Exemptions {
  readonly tok?: false;
  readonly sub?: false;
  readonly agent?: false;
  readonly session?: false;
  readonly cacheWrite?: false;
  /** Other totals than the truth's: of calls that the producer never reported. */
  readonly totals?: { readonly [name: string]: number };
  readonly sessions?: readonly string[];
}

export interface Capture {
  readonly name: string;
  readonly protobuf: readonly CapturedRequest<Buffer>[];
  readonly json: readonly CapturedRequest<PlainRequest>[];
  readonly truth: Truth;
  readonly exempt: Exemptions;
}

export function readCaptures(): readonly Capture[] {
  const exemptions = readJson(path.join(FOLDER, 'expect.json')) as Record<string, Exemptions>;
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      ...readRequests(path.join(FOLDER, name)),
      truth: readJson(path.join(FOLDER, name, 'truth.json')) as Truth,
      exempt: exemptions[name] ?? {},
    }))
    .filter(({ protobuf }) => protobuf.length > 0)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readRequests(folder: string): Pick<Capture, 'protobuf' | 'json'> {
  const protobuf = readBodies(folder, 'pb').map(({ signal, bytes }) => ({ signal, body: bytes }));
  const json = readBodies(folder, 'json').map(({ signal, bytes }) => ({ signal, body: parse(bytes) }));
  return {
    protobuf:
      protobuf.length > 0 ? protobuf : json.map(({ signal, body }) => ({ signal, body: toProtobuf(signal, body) })),
    json: json.length > 0 ? json : protobuf.map(({ signal, body }) => ({ signal, body: fromProtobuf(signal, body) })),
  };
}

function readBodies(folder: string, extension: string): readonly { signal: Signal; bytes: Buffer }[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const match = /-(traces|logs|metrics)\.(pb|json)$/.exec(file);
      if (match?.[2] !== extension) return [];
      return [{ signal: SIGNALS[match[1] as keyof typeof SIGNALS], bytes: readFileSync(path.join(folder, file)) }];
    });
}

function parse(bytes: Buffer): PlainRequest {
  return JSON.parse(bytes.toString()) as PlainRequest;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
