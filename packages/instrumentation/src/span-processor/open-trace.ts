import { type Entry, EntryKind, type Observation, observationKey, type Posting, Role } from '@turnmeter/accounting';
import type { Cost } from '@turnmeter/pricing';
import { bearSeries } from '../emit/inference-metrics.ts';
import { recorder } from '../emit/recorder.ts';
import type { Sign } from '../session/spend.ts';
import { addToSession } from './add-to-session.ts';
import { type Counted, countedOf, identityOf, isSameCount, recordedOf } from './counted.ts';
import { measureEntry, Told } from './measure-entry.ts';
import { priceEntry } from './price-entry.ts';
import type { Twins } from './twins.ts';

/** A record of the recorder's own: it is counted and told already. */
interface OwnRecord {
  readonly said: Observation;
  readonly recorded: Counted | undefined;
  entry: Entry | undefined;
  /** What it counted was taken back, because the law knows nothing of it. */
  isTakenBack: boolean;
}

/** What is booked for the spans of one trace, and what of it is told. */
export class OpenTrace {
  lastUs: number;
  untoldSinceUs: number;
  readonly #own = new Map<string, OwnRecord>();
  /** Entries of others' spans that stand and are in no metric yet. */
  readonly #untold = new Map<string, Entry>();
  readonly #told = new Set<string>();
  readonly #costs = new WeakMap<Entry, Cost>();

  constructor(nowUs: number) {
    this.lastUs = nowUs;
    this.untoldSinceUs = nowUs;
  }

  /** A span that the recorder made. What shows a thing for the second time was not counted by it. */
  addOwn(said: Observation, isCounted: boolean): void {
    const recorded = isCounted ? recordedOf(said) : undefined;
    this.#own.set(observationKey(said), { said, recorded, entry: undefined, isTakenBack: false });
  }

  post({ sign, entry }: Posting, twins: Twins): void {
    const key = `${entry.traceId}/${entry.recordId}`;
    const counted = countedOf(entry, this.#costOf(entry, sign));
    const own = this.#own.get(key);
    if (own !== undefined) postOwn(own, { entry, counted, sign }, twins);
    else this.#postOther(key, { entry, counted, sign });
  }

  /** Adds to the metrics what stands and is in none yet. */
  tell(twins: Twins, nowUs: number = this.lastUs): void {
    const repeated = this.#takeBackUnbooked();
    for (const [key, entry] of this.#untold) {
      this.#told.add(key);
      const told = repeated.some((own) => isAround(entry, own)) ? Told.EVERYTHING : twins.of(key);
      measureEntry(entry, this.#costs.get(entry), told);
    }
    this.#untold.clear();
    this.untoldSinceUs = nowUs;
  }

  /** The trace leaves memory. */
  forget(twins: Twins): void {
    for (const { entry } of this.#own.values()) if (entry !== undefined) twins.delete(entry.countedBy);
  }

  #costOf(entry: Entry, sign: Sign): Cost | undefined {
    if (sign === -1) return this.#costs.get(entry);
    const cost = priceEntry(entry);
    if (cost !== undefined) this.#costs.set(entry, cost);
    return cost;
  }

  #postOther(key: string, { entry, counted, sign }: Booking): void {
    addToSession(counted, sign);
    if (sign === -1) {
      // Told already: a counter cannot go back. The running figures are right, the metric is said not to be.
      if (!this.#untold.delete(key) && counted !== undefined && this.#told.has(key))
        recorder().instruments.dropped.add(1, { reason: 'correction_after_metrics' });
      return;
    }
    if (counted === undefined || this.#told.has(key)) return;
    this.#untold.set(key, entry);
    if (entry.inferences > 0) bearSeries(identityOf(entry), startOf(entry));
  }

  /** What the recorder counted and the law does not: a turn that another span shows as well. */
  #takeBackUnbooked(): readonly OwnRecord[] {
    const unbooked: OwnRecord[] = [];
    for (const own of this.#own.values()) {
      if (own.entry !== undefined || own.recorded === undefined) continue;
      unbooked.push(own);
      if (!own.isTakenBack) addToSession(own.recorded, -1);
      own.isTakenBack = true;
    }
    return unbooked;
  }
}

interface Booking {
  readonly entry: Entry;
  readonly counted: Counted | undefined;
  readonly sign: Sign;
}

/** The recorder has counted it as it knew it; where the law knows better, the difference is made up for. */
function postOwn(own: OwnRecord, { entry, counted, sign }: Booking, twins: Twins): void {
  own.entry = sign === 1 ? entry : undefined;
  if (entry.countedBy !== '') {
    const hadUsage = !isCall(own.said) || own.said.usage !== undefined;
    if (sign === 1) twins.add(entry.countedBy, hadUsage);
    else twins.delete(entry.countedBy);
  }
  const recorded = recordedWithTimeOf(own.recorded, counted);
  if (own.isTakenBack) {
    addToSession(recorded, 1);
    own.isTakenBack = false;
  }
  if (isSameCount(counted, recorded)) return;
  addToSession(counted, sign);
  addToSession(recorded, sign === 1 ? -1 : 1);
}

/** The recorder leaves people's time out of a turn; its span does not say it, its entry does. */
function recordedWithTimeOf(recorded: Counted | undefined, counted: Counted | undefined): Counted | undefined {
  if (recorded?.responseMs === undefined || counted?.responseMs === undefined) return recorded;
  return { ...recorded, responseMs: counted.responseMs };
}

function isCall({ role }: Observation): boolean {
  return role === Role.INFERENCE || role === Role.EMBEDDING || role === Role.RERANK;
}

/** Is it the same agent's go, as another span shows it around our own? */
function isAround(entry: Entry, { said }: OwnRecord): boolean {
  return (
    entry.kind === EntryKind.TURN &&
    said.role === Role.AGENT &&
    entry.agent === said.agent &&
    entry.startUs <= said.startUs + CLOCKS_APART_US &&
    entry.endUs >= said.endUs - CLOCKS_APART_US
  );
}

/** The SDK's own clock starts at whole milliseconds. */
const CLOCKS_APART_US = 2000;

function startOf({ operation, provider, requestModel, model }: Entry): {
  readonly operation: string;
  readonly provider: string;
  readonly model: string | undefined;
} {
  const name = requestModel === '' ? model : requestModel;
  return { operation, provider, model: name === '' ? undefined : name };
}
