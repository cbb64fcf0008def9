// What it costs one core to count a span: to read it, to say what it is, to book and price it, and to write the rows that are saved.
// Nothing here waits for a disk or a database. Each row of the table does all that the rows above it do.

import { BUILT_IN_PROFILES, type Observation, ProfileList } from '@turnmeter/accounting';
import { createPriceBook } from '@turnmeter/pricing';
import { BookKeeper } from '../packages/aggregator/src/book/book-keeper.ts';
import { Decoder } from '../packages/aggregator/src/decode/decoder.ts';
import { Normalizer } from '../packages/aggregator/src/normalize/normalizer.ts';
import { type EntryCost, type PricedPosting, Pricer } from '../packages/aggregator/src/price/price-postings.ts';
import { writeBlock } from '../packages/aggregator/src/save/native/block.ts';
import { ByteWriter } from '../packages/aggregator/src/save/native/byte-writer.ts';
import { ENTRY_COLUMNS } from '../packages/aggregator/src/save/rows/entry-columns.ts';
import { OBSERVATION_COLUMNS } from '../packages/aggregator/src/save/rows/observation-columns.ts';
import { stampColumns } from '../packages/aggregator/src/save/rows/stamp.ts';
import { NO_TELEMETRY } from '../packages/aggregator/src/telemetry.ts';
import { cpuSeconds, format, median, printTable } from './figures.ts';
import { SPANS } from './payload.ts';
import { readWithOfficialCodec } from './official-codec.ts';
import { RequestForm } from './requests.ts';

export interface AccountingOptions {
  readonly rounds: number;
}

/** Requests in one round. */
const REQUESTS = 100;
/** Rounds before those that count, while the code is compiled. */
const WARM_UPS = 3;
/** Requests between two bookings: half a second of 100,000 spans a second. */
const REQUESTS_PER_BOOKING = 100;
const RECORDS_MAX = 100_000;
const ROW_BYTES = 512;

const profiles = new ProfileList(BUILT_IN_PROFILES);
const form = new RequestForm();
let requests = 0;

export async function run({ rounds }: AccountingOptions): Promise<void> {
  const stages = [stage('protobufjs (objects only)', readOfficially), stage('decode', decode)];
  stages.push(stage('+ normalize', normalize), stage('+ book, price', bookAndPrice()));
  stages.push(stage('+ rows of the ledger', bookAndPrice(writeRows)));
  for (let round = -WARM_UPS; round < rounds; round++) {
    // Stages take turns, so that a busy moment of the machine is shared by all.
    for (const each of stages) await each.measure(round >= 0);
  }
  console.log(
    `${SPANS} spans of 27 attributes a request, ${REQUESTS} requests a round, median of ${rounds} rounds; one core`,
  );
  const [baseline] = stages;
  printTable(
    ['', 'spans/s', 'us/span', 'fastest', 'slowest', 'x protobufjs'],
    stages.map(({ label, seconds }) => [
      label,
      format(SPANS / median(seconds)),
      format((median(seconds) / SPANS) * 1e6, 2),
      format((Math.min(...seconds) / SPANS) * 1e6, 2),
      format((Math.max(...seconds) / SPANS) * 1e6, 2),
      format(median(baseline?.seconds ?? []) / median(seconds), 2),
    ]),
  );
}

interface Stage {
  readonly label: string;
  /** For one request, by round. */
  readonly seconds: number[];
  measure(counts: boolean): Promise<void>;
}

function stage(label: string, work: (bodies: readonly Buffer[]) => unknown): Stage {
  const seconds: number[] = [];
  return {
    label,
    seconds,
    async measure(counts) {
      const bodies = Array.from({ length: REQUESTS }, () => form.fill(requests++, Date.now()));
      const started = cpuSeconds();
      await work(bodies);
      if (counts) seconds.push((cpuSeconds() - started) / REQUESTS);
    },
  };
}

function readOfficially(bodies: readonly Buffer[]): void {
  for (const body of bodies) readWithOfficialCodec(body);
}

const decoder = new Decoder({ profiles });

function decode(bodies: readonly Buffer[]): void {
  let spans = 0;
  for (const body of bodies) decoder.decode({ signal: 'span', encoding: 'protobuf', body }, () => spans++);
  if (spans !== bodies.length * SPANS) throw new Error(`decoded ${spans} spans, expected ${bodies.length * SPANS}`);
}

function normalizeOne(body: Buffer): readonly Observation[] {
  const scope = { fallback: 'default', mayName: [] };
  const normalizer = new Normalizer({ profiles, scope, receivedUs: Date.now() * 1000 });
  decoder.decode({ signal: 'span', encoding: 'protobuf', body }, normalizer.add);
  return normalizer.observations;
}

function normalize(bodies: readonly Buffer[]): void {
  for (const body of bodies) normalizeOne(body);
}

type Rows = (observations: readonly Observation[], postings: readonly PricedPosting[]) => void;

/** As the service does, half a second of requests at a time; with a book of its own, as it remembers. */
function bookAndPrice(rows: Rows = () => undefined): (bodies: readonly Buffer[]) => Promise<void> {
  const pricer = new Pricer(createPriceBook());
  const keeper = new BookKeeper<EntryCost>({
    quietUs: 5e6,
    recordsMax: RECORDS_MAX,
    keepUs: 0,
    load: () => Promise.resolve([]),
    onRestore: () => undefined,
    telemetry: NO_TELEMETRY,
  });
  let bookedUs = Date.now() * 1000;
  return async (bodies) => {
    for (let at = 0; at < bodies.length; at += REQUESTS_PER_BOOKING) {
      const batches = bodies.slice(at, at + REQUESTS_PER_BOOKING).map(normalizeOne);
      bookedUs += 5e5;
      for (const batch of batches) {
        rows(batch, []);
        await keeper.add(batch, bookedUs);
      }
      rows([], pricer.price(keeper.settle(bookedUs)));
    }
  };
}

const STAMP = { segment: 1, writer: 'bench', day: 20_000, arrivedUs: 1_795_000_000_000_000 };

function writeRows(observations: readonly Observation[], postings: readonly PricedPosting[]): void {
  if (observations.length > 0) {
    const out = new ByteWriter(observations.length * ROW_BYTES);
    writeBlock(out, [...stampColumns(() => STAMP), ...OBSERVATION_COLUMNS], observations);
  }
  if (postings.length > 0) {
    const out = new ByteWriter(postings.length * ROW_BYTES);
    writeBlock(out, [...stampColumns(() => STAMP), ...ENTRY_COLUMNS], postings);
  }
}
