// Kills a writer, or the engine, again and again while it works, and then asks whether everything that was acknowledged is there once.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Observation } from '@turnmeter/accounting';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { Expected, randomFrom, shuffle } from './expected.ts';
import { FAIL_CALLS, type FailPoint, type FromWriter, type ToWriter, type WriterSettings } from './messages.ts';
import type { PowerCut } from './power-cut.ts';
import { type CrashReport, newReport } from './report.ts';
import { type Findings, verify } from './verify.ts';

export interface CrashOptions {
  /** For data; emptied first. */
  readonly directory: string;
  /** Ends after so many rounds, or so many minutes. */
  readonly rounds: number;
  readonly minutes?: number | undefined;
  readonly seed: number;
  /** `together`: the engine belongs to the writer and dies with it. `apart`: either may die while the other lives. */
  readonly engine: 'together' | 'apart';
  /** The power is cut where a writer would be killed; `directory` is on that disk. */
  readonly powerCut?: PowerCut | undefined;
  /** Called after each round. */
  readonly onRound?: (round: number, report: CrashReport) => void;
}

const DATABASE = 'turnmeter';
/** Longest time that a writer works before it is killed. */
const WORK_MS_MAX = 900;
const STALL_MS_MAX = 2000;

export async function crash(
  options: CrashOptions,
): Promise<{ readonly report: CrashReport; readonly findings: Findings }> {
  const harness = new Harness(options);
  return harness.run();
}

class Harness {
  readonly #options: CrashOptions;
  readonly #random: () => number;
  readonly #expected = new Expected();
  /** Records that no writer has acknowledged yet. */
  #undelivered: Observation[] = [];
  /** Some that were, to be sent again. */
  #delivered: Observation[] = [];
  #engine: EmbeddedClickHouse | undefined;
  #requestId = 0;
  readonly #report: CrashReport = newReport();

  constructor(options: CrashOptions) {
    this.#options = options;
    this.#random = randomFrom(options.seed);
  }

  async run(): Promise<{ readonly report: CrashReport; readonly findings: Findings }> {
    const { directory, rounds, engine, minutes = Number.POSITIVE_INFINITY } = this.#options;
    const endMs = performance.now() + minutes * 60_000;
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    if (engine === 'apart') this.#engine = await this.#startEngine();
    try {
      for (let round = 1; round <= rounds && performance.now() < endMs; round++) {
        await this.#round(false);
        this.#report.rounds = round;
        this.#options.onRound?.(round, this.#report);
      }
      await this.#round(true);
      this.#engine ??= await this.#startEngine();
      const findings = await verify(
        { url: this.#engine.url, database: DATABASE, directory: this.#segments },
        this.#expected,
      );
      return { report: this.#report, findings };
    } finally {
      await this.#engine?.stop();
    }
  }

  get #segments(): string {
    return path.join(this.#options.directory, 'segments');
  }

  #startEngine(): Promise<EmbeddedClickHouse> {
    return startEmbeddedClickHouse({ dataDir: path.join(this.#options.directory, 'engine'), restartsMax: 1_000_000 });
  }

  /** One life of a writer; the last one is not killed, and has to deliver everything. */
  async #round(isLast: boolean): Promise<void> {
    const { powerCut } = this.#options;
    const failPoint = isLast || powerCut !== undefined || this.#random() < 0.5 ? undefined : this.#pickFailPoint();
    const writer = this.#startWriter(failPoint, isLast ? 0 : this.#pickClockOffset(), isLast);
    const ended = once(writer, 'exit');
    const inFlight = new Map<number, readonly Observation[]>();
    const startedMs = performance.now();
    let quarantined: readonly number[] | undefined;
    let enginePid: number | undefined;
    let saved = { segments: 0, inserts: 0 };
    const isReady = new Promise<boolean>((resolve) => {
      writer.on('message', (message: FromWriter) => {
        if (message.kind === 'ready') {
          enginePid = message.enginePid;
          this.#report.readyMs.push(performance.now() - startedMs);
          this.#report.replayedSegments += message.replayed;
          resolve(true);
        } else if (message.kind === 'stopped') quarantined = message.quarantined;
        else if (message.kind === 'saved') saved = message;
        else this.#onAnswer(message, inFlight);
      });
      void ended.then(() => resolve(false));
    });
    if (await isReady) {
      if (isLast) await this.#deliverAll(writer, inFlight);
      else await this.#work(writer, inFlight);
    }
    if (isLast) {
      writer.send({ kind: 'stop' } satisfies ToWriter);
    } else if (powerCut !== undefined && enginePid !== undefined && writer.pid !== undefined) {
      await this.#cutPower(powerCut, [writer.pid, enginePid], ended);
    } else if (writer.exitCode === null && writer.signalCode === null) {
      writer.kill('SIGKILL');
      this.#report.writerKills++;
    } else if (failPoint !== undefined) {
      const name = `${failPoint.when} ${failPoint.call}`;
      this.#report.failPoints[name] = (this.#report.failPoints[name] ?? 0) + 1;
    }
    const [code, signal] = (await ended) as [number | null, string | null];
    if (isLast ? code !== 0 || quarantined?.length !== 0 : signal !== 'SIGKILL') {
      throw new Error(`The writer ended with code ${code}, signal ${signal}, quarantined ${String(quarantined)}`);
    }
    this.#report.savedSegments += saved.segments;
    this.#report.inserts += saved.inserts;
    for (const records of inFlight.values()) this.#undelivered.push(...records);
    if (!isLast && powerCut === undefined && this.#random() < 0.3) await this.#tearTail();
  }

  /** Nothing comes to the disk after the processes stand still, and nothing they still do counts. */
  async #cutPower(powerCut: PowerCut, pids: readonly number[], ended: Promise<unknown>): Promise<void> {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await powerCut.snapshot();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await ended;
    for (const pid of pids) await untilGone(pid);
    await powerCut.restore();
    this.#report.powerCuts++;
  }

  #startWriter(failPoint: FailPoint | undefined, clockOffsetUs: number, isLast: boolean): ChildProcess {
    const settings: WriterSettings = {
      directory: this.#segments,
      url: this.#engine?.url,
      engineDirectory: path.join(this.#options.directory, 'engine'),
      database: DATABASE,
      failPoint,
      clockOffsetUs,
      // Of what a writer lives through, a full disk is the rarest.
      isDiskFull: !isLast && this.#random() < 0.1,
    };
    return fork(path.join(import.meta.dirname, 'writer.ts'), [JSON.stringify(settings)], { serialization: 'advanced' });
  }

  #pickFailPoint(): FailPoint {
    const call = FAIL_CALLS[Math.floor(this.#random() * FAIL_CALLS.length)] ?? 'rename';
    // Some calls are made hundreds of times in a round, some a few times.
    const calls = call === 'writev' || call === 'datasync' ? 60 : 15;
    return { call, at: 1 + Math.floor(this.#random() * calls), when: this.#random() < 0.5 ? 'before' : 'after' };
  }

  /** Mostly a little, sometimes an hour or a day in either direction. */
  #pickClockOffset(): number {
    const chance = this.#random();
    if (chance < 0.7) return 0;
    const hours = chance < 0.85 ? 1 : 26;
    return (this.#random() < 0.5 ? -1 : 1) * hours * 3_600_000_000;
  }

  #onAnswer(message: FromWriter & { readonly id?: number }, inFlight: Map<number, readonly Observation[]>): void {
    const records = inFlight.get(message.id ?? 0) ?? [];
    inFlight.delete(message.id ?? 0);
    if (message.kind === 'acknowledged') {
      this.#report.acknowledgedRecords += records.length;
      this.#delivered.push(...records.slice(0, 3));
      if (this.#delivered.length > 500) this.#delivered = shuffle(this.#delivered, this.#random).slice(0, 250);
      return;
    }
    this.#report.refusals++;
    this.#undelivered.push(...records);
  }

  /** Sends until it is time to die. The engine may die meanwhile. */
  async #work(writer: ChildProcess, inFlight: Map<number, readonly Observation[]>): Promise<void> {
    const endMs = performance.now() + 50 + this.#random() * WORK_MS_MAX;
    const blow = this.#options.engine === 'apart' ? this.#pickBlow() : undefined;
    const blowMs = performance.now() + this.#random() * WORK_MS_MAX;
    let isBlown = false;
    while (performance.now() < endMs && writer.connected) {
      for (let made = Math.floor(this.#random() * 3); made > 0; made--) {
        this.#undelivered.push(...this.#expected.makeTrace(this.#random));
      }
      if (this.#delivered.length > 0 && this.#random() < 0.2) this.#repeat();
      this.#send(writer, inFlight);
      if (!isBlown && performance.now() > blowMs) {
        isBlown = true;
        this.#strike(blow);
      }
      await delay(this.#random() * 8);
    }
  }

  /** What befalls the engine in a round, if anything: it dies, or stands still for a moment. */
  #pickBlow(): 'SIGKILL' | 'SIGSTOP' | undefined {
    const chance = this.#random();
    if (chance < 0.3) return 'SIGKILL';
    return chance < 0.4 ? 'SIGSTOP' : undefined;
  }

  #strike(blow: 'SIGKILL' | 'SIGSTOP' | undefined): void {
    const pid = this.#engine?.pid;
    if (pid === undefined || blow === undefined) return;
    process.kill(pid, blow);
    if (blow === 'SIGKILL') {
      this.#report.engineKills++;
      return;
    }
    this.#report.engineStalls++;
    setTimeout(() => process.kill(pid, 'SIGCONT'), this.#random() * STALL_MS_MAX);
  }

  /** Sends again what was acknowledged, as a client does that did not get the answer. */
  #repeat(): void {
    const repeated = shuffle(this.#delivered, this.#random).slice(0, 20);
    this.#report.repeatedRecords += repeated.length;
    this.#undelivered.push(...repeated);
  }

  /** Some of what is undelivered, in any order and any pieces. */
  #send(writer: ChildProcess, inFlight: Map<number, readonly Observation[]>): void {
    shuffle(this.#undelivered, this.#random);
    // Some of it waits, so that children come long before their parents, or after them.
    const observations = this.#undelivered.splice(
      0,
      Math.ceil(this.#random() * Math.min(60, this.#undelivered.length)),
    );
    if (observations.length === 0 || !writer.connected) {
      this.#undelivered.push(...observations);
      return;
    }
    const id = ++this.#requestId;
    inFlight.set(id, observations);
    this.#report.requests++;
    writer.send({ kind: 'request', id, observations } satisfies ToWriter, () => undefined);
  }

  async #deliverAll(writer: ChildProcess, inFlight: Map<number, readonly Observation[]>): Promise<void> {
    while (this.#undelivered.length > 0 || inFlight.size > 0) {
      if (this.#undelivered.length > 0) this.#send(writer, inFlight);
      await delay(2);
    }
  }

  /** What a power cut leaves behind the last sync: the beginning of another write. */
  async #tearTail(): Promise<void> {
    const journals = (await readdir(this.#segments).catch(() => []))
      .filter((name) => name.endsWith('.journal'))
      .toSorted();
    for (const name of journals.toReversed()) {
      const file = path.join(this.#segments, name);
      const bytes = await readFile(file);
      if (bytes.length < 100) continue;
      await appendFile(file, bytes.subarray(0, 1 + (Math.floor(this.#random() * (bytes.length - 1)) % 5000)));
      this.#report.tornTails++;
      return;
    }
  }
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await delay(5);
  }
}
