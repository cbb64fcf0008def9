// In: the metrics of the page, at intervals. Out: the same by OTLP/HTTP, to Prometheus or a Collector. Refused: nothing; what could not be sent is
// in the next round again, since all of it is cumulative.

import os from 'node:os';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { Logger } from 'pino';
import type { PushConfig } from '../../config/config.ts';
import type { Telemetry } from '../../telemetry.ts';
import { Reader } from '../metric.ts';
import { type ExposedParts, pageMetrics } from '../page-metrics.ts';
import { otlpRequests } from './otlp-metrics.ts';

export interface PushOptions extends Omit<PushConfig, 'endpoint'> {
  readonly endpoint: string;
  readonly parts: ExposedParts;
  /** Which of several aggregators it is. */
  readonly instance: string;
  readonly version: string;
  readonly telemetry: Pick<Telemetry, 'count'>;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  readonly nowMs: () => number;
}

export class MetricsPush {
  readonly #options: PushOptions;
  readonly #exporter: OTLPMetricExporter;
  readonly #resource: Resource;
  #timer: NodeJS.Timeout | undefined;
  #pushing: Promise<void> = Promise.resolve();
  #isFailing = false;
  #isStopped = false;
  #round = 1;

  constructor(options: PushOptions) {
    this.#options = options;
    const { endpoint, headers, timeout_seconds: timeoutSeconds, instance, version } = options;
    this.#exporter = new OTLPMetricExporter({
      url: endpoint,
      headers: { ...headers },
      timeoutMillis: timeoutSeconds * 1000,
      compression: CompressionAlgorithm.GZIP,
    });
    // Prometheus makes its labels `job` and `instance` of them.
    this.#resource = resourceFromAttributes({
      'service.name': 'turnmeter',
      'service.instance.id': instance,
      'service.version': version,
      'host.name': os.hostname(),
    });
  }

  /** Pushes at intervals from now on. */
  start(): void {
    this.#timer = setTimeout(() => void this.#pushAndWait(), this.#options.interval_seconds * 1000).unref();
  }

  /** Pushes a last time what there is; twice, since what is new is 0 the first time. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#pushing;
    await this.#push();
    if (!this.#isFailing) await this.#push();
    await this.#exporter.shutdown();
  }

  async #pushAndWait(): Promise<void> {
    this.#pushing = this.#push();
    await this.#pushing;
    if (!this.#isStopped) this.start();
  }

  async #push(): Promise<void> {
    const { parts, endpoint, telemetry, logger, nowMs } = this.#options;
    try {
      const metrics = pageMetrics(parts, { reader: Reader.PUSH, number: this.#round });
      // A receiver that fails is not asked again for the other requests of the round.
      for await (const request of otlpRequests(metrics, nowMs())) await this.#export(request);
      // What is new was shown as 0 only if that arrived.
      this.#round += 1;
      telemetry.count('turnmeter_metrics_pushes_total', { outcome: 'ok' });
      if (this.#isFailing) logger.info({ endpoint }, 'metrics are pushed again');
      this.#isFailing = false;
    } catch (error) {
      telemetry.count('turnmeter_metrics_pushes_total', { outcome: 'failed' });
      if (!this.#isFailing)
        logger.warn({ err: error, endpoint }, 'metrics could not be pushed; it is tried again and not told again');
      this.#isFailing = true;
    }
  }

  /** Tries again what may succeed later, as OTLP says, until the time is over. */
  async #export(metrics: MetricData[]): Promise<void> {
    const resourceMetrics = { resource: this.#resource, scopeMetrics: [{ scope: { name: 'turnmeter' }, metrics }] };
    const result = await new Promise<ExportResult>((resolve) => this.#exporter.export(resourceMetrics, resolve));
    if (result.code !== ExportResultCode.SUCCESS) throw result.error ?? new Error('the receiver did not take metrics');
  }
}
