// What it costs to decode OTLP: spans and megabytes per second of one core, beside the decoder that OpenTelemetry generated with protobufjs
// and beside JSON.parse, which both only make objects. Run: node bench/decode.ts [rounds]

import { createRequire } from 'node:module';
import { BUILT_IN_PROFILES, type Observation, observe, ProfileList, type SpanRecord } from '@turnmeter/accounting';
import { createPriceBook } from '@turnmeter/pricing';
import { Decoder } from '../packages/aggregator/src/decode/decoder.ts';
import { makePayload, SPANS } from './payload.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
/** Each round of each program lasts about this long. */
const ROUND_MS = 150;
const RECEIVED_US = 1_795_000_100_000_000;

const payload = makePayload();
const profiles = new ProfileList(BUILT_IN_PROFILES);
const decoder = new Decoder({ profiles });
const prices = createPriceBook();
const { opentelemetry } = createRequire(import.meta.url)('otlp-transformer-protobufjs/build/src/generated/root.js') as {
  opentelemetry: {
    proto: { collector: { trace: { v1: { ExportTraceServiceRequest: { decode(bytes: Uint8Array): unknown } } } } };
  };
};
const { ExportTraceServiceRequest } = opentelemetry.proto.collector.trace.v1;

/** Keeps the engine from leaving out work whose result nobody uses. */
let sink = 0;

interface Program {
  readonly label: string;
  readonly bytes: number;
  run(): void;
}

function decodeEach(encoding: 'protobuf' | 'json', visit: (span: SpanRecord) => void): () => void {
  const body = payload[encoding];
  return () => {
    const { records } = decoder.decode({ signal: 'span', encoding, body }, (record) => visit(record as SpanRecord));
    if (records !== SPANS) throw new Error(`decoded ${records} spans, expected ${SPANS}`);
  };
}

const observeSpan = (span: SpanRecord): Observation =>
  observe(span, { profiles, tenant: 'default', receivedUs: RECEIVED_US });

function priceSpan(span: SpanRecord): void {
  const { tenant, operation, provider, model, requestModel, startUs, usage } = observeSpan(span);
  if (usage === undefined) return;
  const timeMs = Math.floor(startUs / 1000);
  sink += prices.price({ tenant, operation, provider, model, requestModel, timeMs, usage }).totalNanoUsd;
}

const PROGRAMS: readonly Program[] = [
  program('decode', 'protobuf', (span) => (sink += span.startUs)),
  program('decode + observe', 'protobuf', (span) => (sink += observeSpan(span).calls)),
  program('decode + observe + price', 'protobuf', priceSpan),
  {
    label: 'protobufjs (objects only)',
    bytes: payload.protobuf.length,
    run: () => (sink += ExportTraceServiceRequest.decode(payload.protobuf) === null ? 0 : 1),
  },
  program('decode JSON', 'json', (span) => (sink += span.startUs)),
  program('decode JSON + observe', 'json', (span) => (sink += observeSpan(span).calls)),
  {
    label: 'JSON.parse (objects only)',
    bytes: payload.json.length,
    run: () => (sink += JSON.parse(payload.json.toString()) === null ? 0 : 1),
  },
];

function program(label: string, encoding: 'protobuf' | 'json', visit: (span: SpanRecord) => unknown): Program {
  return { label, bytes: payload[encoding].length, run: decodeEach(encoding, visit) };
}

/** CPU seconds (all threads, garbage collection included) for one request, over one round. */
function measure({ run }: Program): number {
  const startMs = performance.now();
  const started = process.cpuUsage();
  let runs = 0;
  while (performance.now() - startMs < ROUND_MS) {
    run();
    runs++;
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6 / runs;
}

// Rounds of all programs take turns, so that a busy moment of the machine is shared by all.
const seconds = PROGRAMS.map((): number[] => []);
for (let round = -5; round < ROUNDS; round++) {
  for (const [index, each] of PROGRAMS.entries()) {
    const took = measure(each);
    if (round >= 0) seconds[index]?.push(took);
  }
}

const { protobuf, json } = payload;
console.log(
  `${SPANS} spans, ${protobuf.length} bytes of protobuf, ${json.length} of JSON; node ${process.version}; one core, median of ${ROUNDS} rounds`,
);
console.log('program                        spans/s    MB/s  ns/span      best');
for (const [index, { label, bytes }] of PROGRAMS.entries()) {
  const sorted = (seconds[index] ?? []).toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? Number.NaN;
  const best = sorted[0] ?? Number.NaN;
  const columns = [
    (SPANS / median).toFixed(0).padStart(9),
    (bytes / median / 1e6).toFixed(0).padStart(8),
    ((median / SPANS) * 1e9).toFixed(0).padStart(9),
  ];
  console.log(`${label.padEnd(28)} ${columns.join('')} ${(SPANS / best).toFixed(0).padStart(9)}`);
}
if (Number.isNaN(sink)) console.log('nothing was computed');
