// In: sessions that are over, because somebody said so or nothing came any more. Out: their summaries and how they compare. Refused:
// sessions that the ledger does not know.

import type { ClickHouseClient } from '@clickhouse/client';
import { Reader, type ReadLimits } from '../query/reader.ts';
import type { Summary } from '../query/summary-rows.ts';
import type { Telemetry } from '../telemetry.ts';
import { readBaselines } from './baseline.ts';
import { type Comparison, compare } from './comparison.ts';
import { analyzeCost, type CostAnalysis } from './cost-analysis.ts';
import { DUE_MAX, type DueRange, type DueSession, findDueSessions, findFirstDay } from './due-sessions.ts';
import { SummaryWriter } from './summary-writer.ts';

export interface AssessorLogger {
  warn(details: object, message: string): void;
}

export interface AssessorOptions {
  readonly client: ClickHouseClient;
  /** How long nothing has come for a session before it is finalized. */
  readonly sessionIdleMinutes: number;
  /**
   * How long nothing has come for a finalized session before later entries are taken into its summary, seconds.
   * @default 10
   */
  readonly calmSeconds?: number;
  /** How often sessions are looked through, seconds. @default 5 */
  readonly everySeconds?: number;
  /**
   * When the oldest came that was accepted and is not in the database yet, µs; undefined while there is nothing. Until it is there, time
   * stands still for idleness.
   * @default nothing waits
   */
  readonly unsavedSinceUs?: () => number | undefined;
  /** Hears of sessions that were not finalized before. */
  readonly onFinalized?: ((summary: Summary) => void) | undefined;
  readonly telemetry: Telemetry;
  readonly logger: AssessorLogger;
  readonly limits?: ReadLimits;
  /** @default Date.now */
  readonly now?: () => number;
}

/** A session that was finalized, with what it was like. */
export interface Assessment {
  readonly summary: Summary;
  readonly comparison: Comparison;
  readonly cost: CostAnalysis;
}

export interface Assessor {
  /** Finalizes a session; what is finalized already stays so, and is brought up to date. Undefined if nothing stands for it. */
  finalize(tenant: string, sessionId: string): Promise<Assessment | undefined>;
  /** Finalizes what has been idle, and amends what has news; runs by itself, and here at once. */
  lookThrough(): Promise<void>;
  /** Sessions whose last booking is before this are finalized, µs. */
  settledUs(): number;
  /** Settles when nothing is being written any more. */
  stop(): Promise<void>;
}

const CALM_SECONDS = 10;
const EVERY_SECONDS = 5;
/** Sessions read and written at once: some 200 entries each. */
const BATCH_SESSIONS = 100;
const DAY_US = 86_400_000_000;
/** Entries carry the day on which their segment was begun; it is closed much sooner than this, and a midnight may lie between. */
const SEGMENT_US = 3_600_000_000;
/** The last that a Date of ClickHouse holds. */
const LAST_DAY = '2149-06-06';

export function startAssessor(options: AssessorOptions): Assessor {
  const assessor = new PeriodicAssessor(options);
  assessor.start();
  return assessor;
}

class PeriodicAssessor implements Assessor {
  readonly #options: AssessorOptions;
  readonly #reader: Reader;
  readonly #writer: SummaryWriter;
  readonly #idleUs: number;
  readonly #calmUs: number;
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> | undefined;
  #isStopped = false;
  /** When the last complete pass began, µs; all that was idle then is finalized. */
  #passedUs: number | undefined;

  constructor(options: AssessorOptions) {
    this.#options = options;
    this.#reader = new Reader(options.client, options.limits);
    this.#writer = new SummaryWriter({
      client: options.client,
      reader: this.#reader,
      onFinalized: options.onFinalized,
      nowUs: () => this.#nowUs(),
    });
    this.#idleUs = options.sessionIdleMinutes * 60e6;
    // Who is idle sooner than calm would never be looked at.
    this.#calmUs = Math.min((options.calmSeconds ?? CALM_SECONDS) * 1e6, this.#idleUs);
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(
      () => {
        void this.lookThrough()
          .catch((error: unknown) => {
            // What is not done now is done by a later pass; the ledger has it all.
            this.#options.logger.warn({ error }, 'Idle sessions could not be finalized; trying again');
          })
          .then(() => this.start());
      },
      (this.#options.everySeconds ?? EVERY_SECONDS) * 1000,
    ).unref();
  }

  async finalize(tenant: string, sessionId: string): Promise<Assessment | undefined> {
    const [summary] = await this.#writer.write(tenant, [sessionId], { because: 'request' });
    if (summary === undefined) return undefined;
    const comparison = compare(summary.figures, await readBaselines(this.#reader, summary.figures));
    return { summary, comparison, cost: analyzeCost(summary.figures) };
  }

  lookThrough(): Promise<void> {
    this.#pass ??= this.#lookThrough().finally(() => (this.#pass = undefined));
    return this.#pass;
  }

  settledUs(): number {
    // The clock may have gone back since.
    return this.#passedUs === undefined ? 0 : Math.min(this.#passedUs, this.#nowUs()) - this.#idleUs;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#pass?.catch(() => undefined);
  }

  async #lookThrough(): Promise<void> {
    const nowUs = Math.min(this.#nowUs(), this.#options.unsavedSinceUs?.() ?? Number.POSITIVE_INFINITY);
    const sinceUs = Math.max(0, this.settledUs());
    const firstDay = dayOf(sinceUs - SEGMENT_US);
    if (sinceUs > SEGMENT_US) await this.#finalizeDue({ firstDay, lastDay: LAST_DAY, sinceUs }, nowUs);
    else await this.#finalizeAllDays(nowUs);
    if (!this.#isStopped) this.#passedUs = nowUs;
  }

  /** A first pass looks through all days one by one, so that none of them has to fit into memory with the others. */
  async #finalizeAllDays(nowUs: number): Promise<void> {
    const firstDay = await findFirstDay(this.#reader);
    if (firstDay === undefined) return;
    for (let dayUs = Date.parse(firstDay) * 1000; dayUs <= nowUs && !this.#isStopped; dayUs += DAY_US) {
      await this.#finalizeDue({ firstDay: dayOf(dayUs), lastDay: dayOf(dayUs), sinceUs: 0 }, nowUs);
    }
  }

  async #finalizeDue(days: Pick<DueRange, 'firstDay' | 'lastDay' | 'sinceUs'>, nowUs: number): Promise<void> {
    const times = { idleUs: nowUs - this.#idleUs, calmUs: nowUs - this.#calmUs };
    let after: DueSession | undefined;
    do {
      const due = await findDueSessions(this.#reader, { ...days, ...times, after });
      for (const [tenant, sessions] of Map.groupBy(due, (session) => session.tenant)) {
        for (let at = 0; at < sessions.length && !this.#isStopped; at += BATCH_SESSIONS) {
          const ids = sessions.slice(at, at + BATCH_SESSIONS).map(({ session_id }) => session_id);
          await this.#writer.write(tenant, ids, { because: 'idle', onlyIfDue: times });
        }
      }
      after = due.length < DUE_MAX ? undefined : due.at(-1);
    } while (after !== undefined && !this.#isStopped);
  }

  #nowUs(): number {
    return (this.#options.now ?? Date.now)() * 1000;
  }
}

/** `2026-11-21` */
function dayOf(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 10);
}
