// Kills `turnmeter up`, or its engine, again and again while real producers' requests come in by OTLP/HTTP, and then compares the
// sessions it tells of with what the models really served.

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { TurnmeterProcess } from '../../../../../test/captured/turnmeter-process.ts';
import { descendantsOf } from '../../cli/running-service.ts';
import { randomFrom } from '../expected.ts';
import { CaptureFeed, type FeedFindings, type FeedReport } from './capture-feed.ts';

export interface CrashServiceOptions {
  /** For data; emptied first. */
  readonly directory: string;
  /** Ends after so many rounds, or so many minutes. */
  readonly rounds: number;
  readonly minutes?: number | undefined;
  readonly seed: number;
  /** Called after each round. */
  readonly onRound?: (round: number, report: CrashServiceReport) => void;
}

export interface CrashServiceReport extends FeedReport {
  rounds: number;
  serviceKills: number;
  engineKills: number;
  /** SIGTERM, which saves what was taken. */
  stops: number;
  /** How long the service took to start. */
  readyMs: number[];
}

/** Longest time until something is killed. */
const LIFE_MS_MAX = 2500;

export async function crashService(
  options: CrashServiceOptions,
): Promise<{ readonly report: CrashServiceReport; readonly findings: FeedFindings }> {
  const { directory, rounds, minutes = Number.POSITIVE_INFINITY } = options;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const random = randomFrom(options.seed);
  const feed = new CaptureFeed(random);
  const lives = { rounds: 0, serviceKills: 0, engineKills: 0, stops: 0, readyMs: [] as number[] };

  const start = async (): Promise<TurnmeterProcess> => {
    const startedMs = performance.now();
    const service = await TurnmeterProcess.start(path.join(directory, 'data'));
    lives.readyMs.push(performance.now() - startedMs);
    feed.url = service.otlpUrl;
    return service;
  };

  const live = async (): Promise<void> => {
    const service = await start();
    await feed.feedFor(random() * LIFE_MS_MAX);
    if (random() < 0.4) {
      for (const pid of descendantsOf(service.pid ?? 0)) process.kill(pid, 'SIGKILL');
      lives.engineKills++;
      await feed.feedFor(random() * LIFE_MS_MAX);
    }
    if (random() < 0.15) {
      await service.stop();
      lives.stops++;
    } else {
      await service.kill();
      lives.serviceKills++;
    }
    feed.url = undefined;
    lives.rounds++;
  };

  const endMs = performance.now() + minutes * 60_000;
  for (let round = 1; round <= rounds && performance.now() < endMs; round++) {
    await live();
    options.onRound?.(round, { ...lives, ...feed.report });
  }
  const service = await start();
  const findings = await feed.finish(service);
  await service.stop();
  return { report: { ...lives, ...feed.report }, findings };
}
