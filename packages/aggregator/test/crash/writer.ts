// The process that is killed: the real store, the real book and the real engine, with no network in front of them.

import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import type { Observation, Posting } from '@turnmeter/accounting';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { pino } from 'pino';
import type { EntryCost } from '../../src/price/price-postings.ts';
import type { TraceKeys } from '../../src/save/lookup/load-traces.ts';
import type { SavedRecord } from '../../src/save/lookup/saved-records.ts';
import type { Store } from '../../src/save/store.ts';
import { arm, countInserts } from './fail-points.ts';
import type { FromWriter, ToWriter, WriterSettings } from './messages.ts';

/** Small, so that traces leave memory and come back all the time. */
const BOOK_RECORDS_MAX = 300;
const KEEP_US = 300_000;
const QUIET_US = 150_000;
const FLUSH_MS = 40;

const settings = JSON.parse(process.argv[2] ?? '') as WriterSettings;
await arm(settings.failPoint);
const sent = countInserts('entries');
// Only now, so that they get the wrapped functions.
const { Store: OpenStore } = await import('../../src/save/store.ts');
const { BookKeeper } = await import('../../src/book/book-keeper.ts');
const { recover } = await import('../../src/service/recover.ts');
const { NO_TELEMETRY } = await import('../../src/telemetry.ts');

const nowUs = (): number => Date.now() * 1000 + settings.clockOffsetUs;

const engine =
  settings.url === undefined
    ? await startEmbeddedClickHouse({ dataDir: settings.engineDirectory, restartsMax: 1_000_000 })
    : undefined;
const store: Store = await openStore();
const keeper = new BookKeeper<EntryCost>({
  quietUs: QUIET_US,
  recordsMax: BOOK_RECORDS_MAX,
  keepUs: KEEP_US,
  load: loadRelated,
  onRestore: () => undefined,
  telemetry: NO_TELEMETRY,
});
let savedSegments = 0;
const received: { readonly id: number; readonly observations: readonly Observation[] }[] = [];
let isStopping = false;

const replayed = store.unsealed().length;
await recover({
  store,
  keeper,
  pricer: { price: (postings) => postings.map(price) },
  nowUs,
  logger: pino({ level: 'silent' }),
  openUs: 3_600_000_000,
  recordsMax: BOOK_RECORDS_MAX,
  knownUs: 30 * 86_400_000_000,
});
process.on('message', (message: ToWriter) => {
  if (message.kind === 'stop') isStopping = true;
  else void take(message.id, message.observations);
});
tell({ kind: 'ready', replayed, enginePid: engine?.pid });
while (!isStopping) {
  await delay(FLUSH_MS);
  await flush();
}
// What is booked when a trace has been quiet comes last.
await delay(QUIET_US / 1000 + FLUSH_MS);
await flush();
await store.whenAllSaved();
const { quarantined } = store.status;
await store.stop(0);
await engine?.stop();
tell({ kind: 'stopped', quarantined });
process.disconnect();

function openStore(): Promise<Store> {
  return retry(() =>
    OpenStore.open({
      directory: settings.directory,
      database: { url: settings.url ?? engine?.url ?? '', database: settings.database },
      retention: { observationDays: 90, entryDays: 730 },
      telemetry: {
        ...NO_TELEMETRY,
        count: (name) => {
          if (name !== 'turnmeter_segments_saved_total') return;
          savedSegments++;
          tell({ kind: 'saved', segments: savedSegments, inserts: sent.inserts });
        },
      },
      freeBytes: () =>
        Promise.resolve(settings.isDiskFull && performance.now() % 1000 < 500 ? 0 : Number.POSITIVE_INFINITY),
    }),
  );
}

async function loadRelated(keys: TraceKeys): Promise<readonly SavedRecord[]> {
  const { records, isComplete } = await retry(() => store.loadTraces(keys));
  assert(isComplete);
  return records;
}

/** The database may be away at any time. */
async function retry<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Error && 'retryable' in error && error.retryable === true)) throw error;
      await delay(20);
    }
  }
}

/** Durable first, then acknowledged; booked with the next flush. */
async function take(id: number, observations: readonly Observation[]): Promise<void> {
  try {
    await store.append(observations, nowUs());
    received.push({ id, observations });
    tell({ kind: 'acknowledged', id });
  } catch (error) {
    tell({ kind: 'refused', id, code: error instanceof Error && 'code' in error ? String(error.code) : String(error) });
  }
}

/** Books what was appended to the segment that ends here, and seals it. */
async function flush(): Promise<void> {
  const segment = await store.rotate();
  const batch = received.splice(0);
  await keeper.add(
    batch.flatMap(({ observations }) => observations),
    nowUs(),
  );
  await store.seal(segment, keeper.settle(nowUs()).map(price));
}

/** A nano-dollar a token, which is what the harness expects. */
function price(posting: Posting): Posting & { readonly cost: EntryCost | undefined } {
  const { input, output } = posting.entry;
  if (input + output === 0) return { ...posting, cost: undefined };
  const cost: EntryCost = {
    status: 'exact',
    source: 'price_book',
    tokenNanoUsd: input + output,
    otherNanoUsd: 0,
    totalNanoUsd: input + output,
    parts: { input, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output, reasoning: 0 },
    charges: [],
    priceId: 'a nano-dollar a token',
    bookVersion: '1',
    unpricedTokens: 0,
    reasons: [],
  };
  return { ...posting, cost };
}

function tell(message: FromWriter): void {
  process.send?.(message);
}
