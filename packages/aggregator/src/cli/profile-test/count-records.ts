// in: OTLP bodies. out: what each of their records would count as, decided by the same code as in the service, in memory.

import {
  Book,
  BUILT_IN_PROFILES,
  type Entry,
  Figures,
  type Observation,
  observationKey,
  observe,
  parseProfileSpec,
  type Profile,
  ProfileList,
  type TelemetryRecord,
} from '@turnmeter/accounting';
import { DecodeError } from '../../decode/decode-error.ts';
import { Decoder } from '../../decode/decoder.ts';
import { CommandError, ExitCode } from '../command-error.ts';
import type { OtlpBody } from '../otlp-files/read-bodies.ts';

/** A record as it was read, and as it would be booked. */
export interface CountedRecord {
  /** Name of the span, the event or the metric. */
  readonly name: string;
  readonly observation: Observation;
  /** Undefined for what tells nothing of its own: most spans. */
  readonly entry: Entry | undefined;
}

/** Tries what records would count as. Give it all bodies of a run: what a record counts as depends on its neighbors. */
export class RecordCounter {
  readonly #profiles: ProfileList;
  readonly #decoder: Decoder;
  readonly #records = new Map<string, { readonly name: string; readonly observation: Observation }>();
  readonly #nowUs: number;
  /** Records read, and why others were refused. */
  read = 0;
  readonly refused: Map<string, number> = new Map();
  /** Records that came more than once. */
  repeated = 0;

  /** `specs` are profiles of the configuration; they go before the built-in ones. `nowUs` is when the records are received. */
  constructor(specs: readonly unknown[], nowUs: number) {
    this.#profiles = new ProfileList([...specs.map(parseSpec), ...BUILT_IN_PROFILES]);
    this.#decoder = new Decoder({ profiles: this.#profiles });
    this.#nowUs = nowUs;
  }

  /** Title of a profile, for people. */
  titleOf(profile: string): string {
    return this.#profiles.profiles.find(({ name }) => name === profile)?.title ?? profile;
  }

  /** @returns why the body cannot be read, if it cannot. */
  add({ signal, encoding, bytes }: OtlpBody): string | undefined {
    try {
      const report = this.#decoder.decode({ signal, encoding, body: bytes }, (record) => this.#take(record));
      this.read += report.records;
      for (const [reason, count] of report.rejected) this.refused.set(reason, (this.refused.get(reason) ?? 0) + count);
      return undefined;
    } catch (error) {
      if (error instanceof DecodeError) return error.message;
      throw error;
    }
  }

  #take(record: TelemetryRecord): void {
    const observation = observe(record, { profiles: this.#profiles, tenant: 'test', receivedUs: this.#nowUs });
    const key = observationKey(observation);
    if (this.#records.has(key)) this.repeated++;
    else this.#records.set(key, { name: nameOf(record), observation });
  }

  /** All records with what is booked for them once everything has arrived and is quiet. */
  count(): readonly CountedRecord[] {
    const book = new Book();
    for (const { observation } of this.#records.values()) book.add(observation, 0);
    const figures = new Figures().apply(book.settle(0)).apply(book.settle(LATE_US));
    const entries = new Map(figures.entries.map((entry) => [entryKey(entry), entry]));
    return [...this.#records].map(([key, record]) => ({ ...record, entry: entries.get(key) }));
  }
}

/** Long after every quiet time. */
const LATE_US = 3_600_000_000_000;

function parseSpec(spec: unknown, at: number): Profile {
  try {
    return parseProfileSpec(spec);
  } catch (error) {
    throw new CommandError(
      `the profile profiles[${at}] of the configuration cannot be used: ${(error as Error).message}`,
      {
        exitCode: ExitCode.USAGE,
        cause: error,
      },
    );
  }
}

/** See {@link observationKey}. */
function entryKey({ signal, traceId, recordId }: Entry): string {
  return signal === 'span' ? `${traceId}/${recordId}` : `${signal}/${recordId}`;
}

function nameOf(record: TelemetryRecord): string {
  switch (record.signal) {
    case 'span':
      return record.name;
    case 'log':
      return record.eventName === '' ? (record.attributes.string('event.name') ?? record.bodyText) : record.eventName;
    case 'metric':
      return record.metric;
  }
}
