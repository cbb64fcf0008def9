// In: bookings, finalized sessions, and figures read at intervals. Out: metrics of tenants and workflows for Prometheus. Refused: more series than
// may be; what has none is counted together, and it is counted how often.

import type { ControlStore } from '@turnmeter/control-store';
import os from 'node:os';
import type { PriceBook } from '@turnmeter/pricing';
import type { Logger } from 'pino';
import { readVersion } from '../cli/read-version.ts';
import type { BudgetConfig, Config } from '../config/config.ts';
import type { PricedPosting } from '../price/price-postings.ts';
import type { Queries } from '../query/queries.ts';
import type { Summary } from '../query/summary-rows.ts';
import { countFinalized, countPostings } from './count-news.ts';
import { FiguresReader } from './figures.ts';
import type { Metric } from './metric.ts';
import { MetricsPage } from './metrics-page.ts';
import type { ExposedParts } from './page-metrics.ts';
import type { MetricsPush } from './push/metrics-push.ts';
import { type LevelSources, SessionLevelBook } from './session-levels.ts';
import type { PrometheusTelemetry } from '../telemetry.ts';
import { ServiceMetrics } from './service-metrics.ts';
import { identityMetrics } from './service-state.ts';
import { WorkflowBook } from './workflow-book.ts';

export interface ReadingSources {
  readonly telemetry: Pick<PrometheusTelemetry, 'registry' | 'count'>;
  readonly queries: Pick<Queries, 'periodCosts' | 'activeSessions' | 'finalizedCostsOf'>;
  readonly balances: Pick<ControlStore['balances'], 'standings'>;
  readonly policies: LevelSources['policies'];
  readonly prices: PriceBook;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** The page of metrics as long as it is served. */
export interface Exposed {
  readonly page: MetricsPage;
  stop(): Promise<void>;
}

export type ExposureConfig = Pick<Config, 'http' | 'metrics' | 'budgets' | 'session_idle_minutes'>;

export class Exposure {
  readonly #config: ExposureConfig;
  readonly #book: WorkflowBook;
  readonly #nowMs: () => number;
  #budgets: readonly BudgetConfig[];
  #identity: readonly Metric[] = [];
  #levels: SessionLevelBook | undefined;
  #push: MetricsPush | undefined;

  constructor(config: ExposureConfig, { nowMs = Date.now }: { readonly nowMs?: () => number } = {}) {
    this.#config = config;
    this.#budgets = config.budgets;
    this.#nowMs = nowMs;
    const { workflows_max: workflowsMax, histograms_max: histogramsMax } = config.metrics;
    this.#book = new WorkflowBook({ workflowsMax, histogramsMax, nowMs });
  }

  /** Takes what is on disk now. */
  book(postings: readonly PricedPosting[]): void {
    countPostings(this.#book, postings, this.#nowMs());
  }

  /** Takes a session that was not finalized before. */
  finalize(summary: Summary): void {
    const { tenant, workflow } = summary.figures;
    countFinalized(this.#book, summary, { levels: this.#levels?.of(tenant, workflow), nowMs: this.#nowMs() });
  }

  /** Takes budgets and prices that are in force from now on; what budgets need is read with the next figures. */
  reconfigure(budgets: readonly BudgetConfig[], prices: PriceBook): void {
    this.#budgets = budgets;
    this.#identity = identityMetrics(readVersion(), prices);
  }

  /** Resolves when figures were read for the first time, or could not be. */
  async start({ telemetry, queries, balances, policies, prices, logger }: ReadingSources): Promise<Exposed> {
    const levels = new SessionLevelBook({ policies, queries });
    this.#levels = levels;
    const { metrics, session_idle_minutes: idleMinutes } = this.#config;
    this.reconfigure(this.#budgets, prices);
    const budgets = (): readonly BudgetConfig[] => this.#budgets;
    const reader = new FiguresReader({
      queries,
      balances,
      levels,
      budgets,
      nowMs: this.#nowMs,
      book: this.#book,
      idleUs: idleMinutes * 60e6,
      everyMs: metrics.refresh_seconds * 1000,
      onFailure: (error, what) => logger.warn({ err: error }, what),
    });
    await reader.start();
    const service = new ServiceMetrics(telemetry.registry, this.#nowMs());
    const identity = (): readonly Metric[] => this.#identity;
    const parts: ExposedParts = { service, levels, reader, budgets, identity, book: this.#book };
    await this.#startPush(parts, { telemetry, logger });
    return { page: new MetricsPage(parts), stop: () => reader.stop() };
  }

  /** Sends a last time what was counted. To be called when nothing more is: what is in memory alone is not lost then. */
  async stopPush(): Promise<void> {
    await this.#push?.stop();
  }

  async #startPush(
    parts: ExposedParts,
    { telemetry, logger }: Pick<ReadingSources, 'telemetry' | 'logger'>,
  ): Promise<void> {
    const { metrics, http } = this.#config;
    const { endpoint, ...settings } = metrics.push;
    if (endpoint === undefined) return;
    // Those who are scraped need not load it.
    const { MetricsPush } = await import('./push/metrics-push.ts');
    const instance = `${os.hostname()}:${http.port}`;
    const nowMs = this.#nowMs;
    const options = { ...settings, endpoint, parts, instance, version: readVersion(), telemetry, logger, nowMs };
    this.#push = new MetricsPush(options);
    this.#push.start();
  }
}
