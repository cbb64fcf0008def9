// How fast OTLP is read on one core, in protobuf and JSON, beside the decoder that OpenTelemetry generated with protobufjs and beside
// JSON.parse, which both only make objects.

import { BUILT_IN_PROFILES, ProfileList } from '@turnmeter/accounting';
import { Decoder } from '../packages/aggregator/src/decode/decoder.ts';
import { cpuSeconds, format, median, printTable } from './figures.ts';
import { readWithOfficialCodec } from './official-codec.ts';
import { makePayload, type Payload, SPANS } from './payload.ts';

/** Requests that take turns, so that no id of a span is known from the request before. */
const PAYLOADS = 16;
const WARM_UPS = 5;
/** Each round of each reader lasts about this long, ms. */
const ROUND_MS = 200;

interface Reader {
  readonly label: string;
  readonly encoding: 'protobuf' | 'json';
  readonly read: (body: Buffer) => void;
  /** CPU seconds for a request, by round. */
  readonly seconds: number[];
}

export function run({ rounds }: { readonly rounds: number }): void {
  const payloads = Array.from({ length: PAYLOADS }, (_, seed) => makePayload(seed));
  const decoder = new Decoder({ profiles: new ProfileList(BUILT_IN_PROFILES) });
  const decode = (encoding: 'protobuf' | 'json') => (body: Buffer) => {
    const { records } = decoder.decode({ signal: 'span', encoding, body }, () => undefined);
    if (records !== SPANS) throw new Error(`decoded ${records} spans, expected ${SPANS}`);
  };
  const readers: readonly Reader[] = [
    { label: 'protobuf', encoding: 'protobuf', read: decode('protobuf'), seconds: [] },
    { label: '  protobufjs (objects only)', encoding: 'protobuf', read: readWithOfficialCodec, seconds: [] },
    { label: 'JSON', encoding: 'json', read: decode('json'), seconds: [] },
    {
      label: '  JSON.parse (objects only)',
      encoding: 'json',
      read: (body) => JSON.parse(body.toString()),
      seconds: [],
    },
  ];
  for (let round = -WARM_UPS; round < rounds; round++) {
    // Readers take turns, so that a busy moment of the machine is shared by all.
    for (const reader of readers) {
      const took = measure(reader, payloads);
      if (round >= 0) reader.seconds.push(took);
    }
  }
  print(readers, payloads, rounds);
}

function measure({ read, encoding }: Reader, payloads: readonly Payload[]): number {
  const startMs = performance.now();
  const started = cpuSeconds();
  let requests = 0;
  while (performance.now() - startMs < ROUND_MS) {
    for (const payload of payloads) read(payload[encoding]);
    requests += payloads.length;
  }
  return (cpuSeconds() - started) / requests;
}

function print(readers: readonly Reader[], payloads: readonly Payload[], rounds: number): void {
  console.log(`${SPANS} spans of 27 attributes a request; one core, median of ${rounds} rounds`);
  const rows = readers.map(({ label, encoding, seconds }) => {
    const took = median(seconds);
    const bytes = median(payloads.map((payload) => payload[encoding].length));
    const baseline = median(
      readers.find((one) => one.encoding === encoding && one.label.startsWith(' '))?.seconds ?? [],
    );
    return [
      label,
      format(SPANS / took),
      format(bytes / took / 1e6),
      format((took / SPANS) * 1e6, 2),
      format((Math.min(...seconds) / SPANS) * 1e6, 2),
      format(baseline / took, 2),
    ];
  });
  printTable(['', 'spans/s', 'MB/s', 'us/span', 'fastest', 'x baseline'], rows);
}
