import { setTimeout as delay } from 'node:timers/promises';
import { EngineChild } from './engine-child.ts';
import { EmbeddedClickHouseError } from './errors.ts';
import type { FrontDoor } from './front-door.ts';
import { EngineState, type ResolvedOptions } from './options.ts';

/** Keeps one engine's process running. */
export class Supervisor {
  readonly #options: ResolvedOptions;
  readonly #door: FrontDoor;
  #child: EngineChild | undefined;
  #state: EngineState = EngineState.stopped;
  #restarts = 0;
  #reason = '';
  /** When the process crashed lately. */
  #crashes: number[] = [];
  #isStopping = false;
  #version = '';

  constructor(options: ResolvedOptions, door: FrontDoor) {
    this.#options = options;
    this.#door = door;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** How the process ended last, for those who have to be told. */
  get reason(): string {
    return this.#reason;
  }

  get pid(): number | undefined {
    return this.#state === EngineState.ready ? this.#child?.pid : undefined;
  }

  get version(): string {
    return this.#version;
  }

  /** @throws EmbeddedClickHouseError if the engine does not start; it is not tried again. */
  async start(): Promise<void> {
    await this.#spawn();
    this.#state = EngineState.ready;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#child?.stop(this.#options.stopTimeoutMs);
    this.#change(EngineState.stopped);
  }

  async #spawn(): Promise<void> {
    const { engine, startTimeoutMs } = this.#options;
    const child = new EngineChild(engine.runningQueriesMax);
    this.#child = child;
    try {
      this.#version = await child.start(engine, startTimeoutMs);
    } catch (error) {
      child.kill();
      await child.ended;
      throw error;
    }
    void child.ended.then((end) => this.#onEnd(child, end));
    this.#door.open((connection) => child.take(connection));
  }

  #onEnd(child: EngineChild, end: string): void {
    this.#door.shut(this.#isStopping);
    this.#door.admit(...child.takeBack());
    if (this.#isStopping) return;
    this.#reason = end;
    this.#options.logger.error({ end }, 'the engine crashed');
    void this.#restart();
  }

  /** Tries until the engine runs, or has crashed too often: then nothing but a person can help. */
  async #restart(): Promise<void> {
    const { logger, restartsMax } = this.#options;
    this.#change(EngineState.restarting);
    for (;;) {
      const now = Date.now();
      this.#crashes = [...this.#crashes.filter((at) => at > now - CRASH_WINDOW_MS), now];
      if (this.#crashes.length > restartsMax) {
        this.#door.shut(true);
        this.#change(EngineState.failed);
        return;
      }
      await delay(BACKOFF_MS_MIN * 2 ** (this.#crashes.length - 1), undefined, { ref: false });
      if (this.#isStopping) return;
      try {
        await this.#spawn();
      } catch (error) {
        if (this.#isStopping) return;
        this.#reason = error instanceof EmbeddedClickHouseError ? error.message : String(error);
        logger.error({ reason: this.#reason }, 'the engine could not be started again');
        continue;
      }
      this.#restarts++;
      this.#change(EngineState.ready);
      return;
    }
  }

  #change(state: EngineState): void {
    if (this.#state === state) return;
    this.#state = state;
    const change = { state, restarts: this.#restarts, ...(this.#reason === '' ? {} : { reason: this.#reason }) };
    this.#options.logger.info(change, 'the state of the engine has changed');
    this.#options.onStateChange(change);
  }
}

/** Crashes count for so long; an engine that runs longer than that between two of them is restarted without end. */
const CRASH_WINDOW_MS = 60_000;
/** Doubled with each crash in the window. */
const BACKOFF_MS_MIN = 100;
