// What writes, put together as the service does it, on a real engine and without network in front of it.

import { BUILT_IN_PROFILES, ProfileList } from '@turnmeter/accounting';
import { createPriceBook, parseSnapshot, type PriceOverride } from '@turnmeter/pricing';
import { pino } from 'pino';
import { BookKeeper } from '../../src/book/book-keeper.ts';
import { Decoder } from '../../src/decode/decoder.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { type EntryCost, Pricer } from '../../src/price/price-postings.ts';
import { Store } from '../../src/save/store.ts';
import type { RepriceRequest, RepriceResult } from '../../src/serve/operations.ts';
import { recover } from '../../src/service/recover.ts';
import { reprice } from '../../src/service/reprice.ts';
import { NO_TELEMETRY } from '../../src/telemetry.ts';

export interface WritingSideOptions {
  /** For segments. */
  readonly directory: string;
  readonly url: string;
  readonly database: string;
  readonly prices?: readonly PriceOverride[];
  /** Providers as `@pydantic/genai-prices` has them. */
  readonly priceList?: readonly unknown[];
  /** How long a trace is quiet before weaker evidence counts, µs. */
  readonly quietUs?: number;
  readonly recordsMax?: number;
  /** Records that may wait to be booked, and how long senders wait for room, ms. */
  readonly waitingMax?: number;
  readonly roomMsMax?: number;
  readonly keepUs?: number;
  readonly nowUs?: () => number;
  /** Free bytes of the segments' disk. */
  readonly freeBytes?: () => number;
}

export interface WritingSide {
  readonly pipeline: Pipeline;
  readonly store: Store;
  /** How many traces and answers were read back from storage because of late records. */
  reloaded(): number;
  /** Spans as `POST /v1/traces` has them in JSON, of one service. */
  readonly send: (spans: readonly object[], tenant?: string) => Promise<void>;
  reprice(request?: Partial<RepriceRequest>): Promise<RepriceResult>;
  stop(): Promise<void>;
}

/** 2026-11-20 00:00 UTC in µs. */
export const MIDNIGHT_US: number = Date.UTC(2026, 10, 20) * 1000;
const DAY_US = 86_400_000_000;

export async function startWritingSide(options: WritingSideOptions): Promise<WritingSide> {
  const { directory, url, database, nowUs = (): number => Date.now() * 1000, freeBytes } = options;
  const store = await Store.open({
    directory,
    database: { url, database },
    retention: { observationDays: 90, entryDays: 730 },
    freeBytes: () => Promise.resolve(freeBytes?.() ?? Number.POSITIVE_INFINITY),
  });
  const profiles = new ProfileList(BUILT_IN_PROFILES);
  const snapshot =
    options.priceList === undefined ? undefined : parseSnapshot(options.priceList, { label: 'a list of the test' });
  const prices = createPriceBook({ overrides: options.prices ?? [], snapshot });
  const pricer = new Pricer(prices);
  const keepUs = options.keepUs ?? 600_000_000;
  const recordsMax = options.recordsMax ?? 400_000;
  let reloaded = 0;
  const keeper = new BookKeeper<EntryCost>({
    quietUs: options.quietUs ?? 5_000_000,
    recordsMax,
    keepUs,
    load: async (keys) => (await store.loadTraces(keys)).records,
    onRestore: (entry, cost) => pricer.restore(entry, cost),
    telemetry: {
      ...NO_TELEMETRY,
      count: (name, _, by = 1) => void (reloaded += name === 'turnmeter_traces_reloaded_total' ? by : 0),
    },
  });
  const logger = pino({ level: 'silent' });
  await recover({ store, keeper, pricer, nowUs, logger, openUs: keepUs, recordsMax, knownUs: 30 * DAY_US });
  const pipeline = new Pipeline({
    decoder: new Decoder({ profiles }),
    telemetry: NO_TELEMETRY,
    waitingMax: options.waitingMax ?? 1_000_000,
    roomMsMax: options.roomMsMax,
    profiles,
    keeper,
    pricer,
    store,
    nowUs,
  });
  return {
    pipeline,
    store,
    reloaded: () => reloaded,
    send: async (spans, tenant = 'acme') => {
      const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
      const body = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'some-sdk' }, spans }] }] };
      await pipeline.ingest({
        signal: 'span',
        encoding: 'json',
        body: Buffer.from(JSON.stringify(body)),
        tenants: { fallback: tenant, mayName: [] },
        receivedUs: nowUs(),
      });
    },
    reprice: (request = {}) =>
      reprice(
        { tenant: 'acme', fromUs: MIDNIGHT_US, toUs: MIDNIGHT_US + DAY_US, isDryRun: false, ...request },
        { pipeline, store, pricer, keeper, bookVersion: prices.version },
      ),
    stop: () => store.stop(30_000),
  };
}

type Attributes = Readonly<Record<string, string | number>>;

/** A span that ended so many seconds after midnight, a second long. Ids are its numbers. */
export function span(
  ids: { readonly trace: number; readonly id: number; readonly parent?: number },
  endSecond: number,
  attributes: Attributes,
): object {
  return {
    traceId: hex(ids.trace, 32),
    spanId: hex(ids.id, 16),
    parentSpanId: ids.parent === undefined ? '' : hex(ids.parent, 16),
    name: 'span',
    startTimeUnixNano: `${MIDNIGHT_US + (endSecond - 1) * 1_000_000}000`,
    endTimeUnixNano: `${MIDNIGHT_US + endSecond * 1_000_000}000`,
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
    })),
  };
}

/** 1000 tokens in and 100 out. By the price list of gpt-4o (2.50 and 10 USD per million) that is 3,500,000 nano-USD. */
export const CALL: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-2024-08-06',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.output_tokens': 100,
};
export const CALL_NANO_USD = 3_500_000;

function hex(value: number, digits: number): string {
  return (value + 1).toString(16).padStart(digits, '0');
}
