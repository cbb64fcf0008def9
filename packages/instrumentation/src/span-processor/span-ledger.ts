import { Book, BUILT_IN_PROFILES, observe, type Observation, type Posting, ProfileList } from '@turnmeter/accounting';
import { SCOPE_TURNMETER_INSTRUMENTATION } from '@turnmeter/semconv';
import { guarded } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import { isRepeat } from '../emit/repeats.ts';
import { OpenTrace } from './open-trace.ts';
import { SpanReader } from './read-span.ts';
import { scopeOf, type SdkSpan } from './sdk-span.ts';
import { Twins } from './twins.ts';

export interface SpanLedgerOptions {
  readonly quietMs: number;
  readonly waitMsMax: number;
  readonly spansMax: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/**
 * Counts spans by the law that the service counts by. Running figures follow at once, with corrections; counters, which cannot go back,
 * follow when a trace is quiet.
 */
export class SpanLedger {
  readonly #options: SpanLedgerOptions;
  readonly #profiles = new ProfileList(BUILT_IN_PROFILES);
  readonly #reader = new SpanReader(this.#profiles);
  readonly #book: Book;
  /** The longest untouched first. */
  readonly #traces = new Map<string, OpenTrace>();
  readonly #twins = new Twins();
  #timer: NodeJS.Timeout | undefined;
  /** Added to the clock: after a flush all that came before is quiet. */
  #aheadUs = 0;
  #hasNews = false;

  constructor(options: SpanLedgerOptions) {
    this.#options = options;
    this.#book = new Book({ quietUs: options.quietMs * 1000, crowdedAt: options.spansMax / 2 });
  }

  /** Spans that are held. */
  get size(): number {
    return this.#book.size;
  }

  /** What a span says, as far as it is written. */
  observe(span: SdkSpan, tenant: string): Observation {
    const receivedUs = this.#options.clock() * 1000;
    return observe(this.#reader.read(span), { profiles: this.#profiles, tenant, receivedUs });
  }

  /** Adds a span that has ended. */
  add(span: SdkSpan, tenant: string): void {
    const said = this.observe(span, tenant);
    if (this.#book.size >= this.#options.spansMax) this.#makeRoom();
    const nowUs = this.#nowUs();
    if (this.#book.add(said, nowUs) === 'duplicate') return;
    const trace = this.#touch(said, nowUs);
    if (scopeOf(span).name === SCOPE_TURNMETER_INSTRUMENTATION) trace.addOwn(said, !isRepeat(span));
    this.#hasNews = true;
    this.#arm();
  }

  /** Brings the running figures up to what has ended by now. */
  settle(): void {
    if (!this.#hasNews) return;
    const postings = this.#book.settle(this.#nowUs());
    for (const posting of postings) this.#post(posting);
    this.#hasNews = this.#book.isUnsettled;
  }

  /** As if nothing more were to come: sums stand in for calls that nobody told, and all metrics are told. */
  settleAll(): void {
    this.#aheadUs += this.#options.quietMs * 1000 + this.#book.size * SPACING_US;
    this.#hasNews = true;
    this.settle();
    for (const trace of this.#traces.values()) trace.tell(this.#twins);
  }

  /** Settles all and holds nothing any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.settleAll();
    this.#evict(Number.POSITIVE_INFINITY);
  }

  #nowUs(): number {
    return Math.round(this.#options.clock() * 1000) + this.#aheadUs;
  }

  #touch({ tenant, traceId }: Observation, nowUs: number): OpenTrace {
    const key = keyOf(tenant, traceId);
    const trace = this.#traces.get(key) ?? new OpenTrace(nowUs);
    trace.lastUs = nowUs;
    this.#traces.delete(key);
    this.#traces.set(key, trace);
    return trace;
  }

  #post(posting: Posting): void {
    const { tenant, traceId } = posting.entry;
    const trace = this.#traces.get(keyOf(tenant, traceId));
    if (trace !== undefined) guarded('spans into figures', () => trace.post(posting, this.#twins));
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      guarded('settling of spans', () => this.#tick());
      if (this.#book.size > 0) this.#arm();
    }, TICK_MS).unref();
  }

  #tick(): void {
    this.settle();
    const nowUs = this.#nowUs();
    const { quietMs, waitMsMax } = this.#options;
    for (const trace of this.#traces.values()) {
      const isQuiet = nowUs - trace.lastUs >= quietMs * 1000;
      if (isQuiet || nowUs - trace.untoldSinceUs >= waitMsMax * 1000) trace.tell(this.#twins, nowUs);
    }
    this.#evict(nowUs - KEPT_US);
  }

  /** Traces that are quiet leave first. Where too many are not, the oldest are settled as they are. */
  #makeRoom(): void {
    const { spansMax } = this.#options;
    this.settle();
    this.#evict(Number.POSITIVE_INFINITY, spansMax * KEPT_SHARE);
    const open = this.#book.size;
    if (open < spansMax) return;
    this.settleAll();
    this.#evict(Number.POSITIVE_INFINITY, spansMax * KEPT_SHARE);
    recorder().instruments.dropped.add(open - this.#book.size, { reason: 'trace_settled_early' });
  }

  #evict(untouchedSinceUs: number, sizeMax = 0): void {
    for (const { tenant, traceId } of this.#book.evict(untouchedSinceUs, sizeMax)) {
      const key = keyOf(tenant, traceId);
      const trace = this.#traces.get(key);
      trace?.tell(this.#twins);
      trace?.forget(this.#twins);
      this.#traces.delete(key);
    }
  }
}

const TICK_MS = 1000;
/** How long a quiet trace is held for stragglers and copies of its calls. */
const KEPT_US = 30_000_000;
/** How much is left when room is made, so that it is made seldom. */
const KEPT_SHARE = 0.5;
/** The book looks at a trace again after so long for each of its spans. */
const SPACING_US = 100;

function keyOf(tenant: string, traceId: string): string {
  return `${tenant}|${traceId}`;
}
