// Alert rules are evaluated and their messages delivered, for as long as the service runs.

import { randomUUID } from 'node:crypto';
import type { ControlStore } from '@turnmeter/control-store';
import type { Logger } from 'pino';
import { Alerts } from '../alert/alerts.ts';
import { AlertDeliverer } from '../alert/deliverer.ts';
import { AlertEvaluator } from '../alert/evaluator.ts';
import type { AlertSources } from '../alert/read/alert-sources.ts';
import { createBalanceForecasts, daysLeftOf } from '../assess/balance-run-out.ts';
import type { Config } from '../config/config.ts';
import type { Control } from '../control/control.ts';
import type { Queries } from '../query/queries.ts';
import type { Telemetry } from '../telemetry.ts';

export interface Alerting {
  readonly alerts: Alerts;
  stop(): Promise<void>;
}

export interface AlertingParts {
  readonly store: ControlStore;
  readonly control: Pick<Control, 'standings'>;
  readonly queries: Queries;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

const now = (): number => Date.now();

export function startAlerting(config: Pick<Config, 'alerts' | 'session_idle_minutes'>, parts: AlertingParts): Alerting {
  const { store, telemetry, logger } = parts;
  const post = { allowPrivate: config.alerts.allow_private_targets };
  const evaluator = new AlertEvaluator({
    store,
    telemetry,
    logger,
    nowMs: now,
    sources: sourcesOf(config, parts),
    holder: randomUUID(),
    everyMs: config.alerts.evaluate_seconds * 1000,
  });
  const deliverer = new AlertDeliverer({ store, telemetry, logger, nowMs: now, post });
  evaluator.start();
  deliverer.start();
  return {
    alerts: new Alerts({ store, post, nowMs: now, newId: () => randomUUID().replaceAll('-', '') }),
    stop: async () => {
      await evaluator.stop();
      await deliverer.stop();
    },
  };
}

function sourcesOf(
  { session_idle_minutes: idleMinutes }: Pick<Config, 'session_idle_minutes'>,
  { store, control, queries }: AlertingParts,
): AlertSources {
  const forecasts = createBalanceForecasts(store.balances);
  return {
    queries,
    balances: store.balances,
    idleUs: idleMinutes * 60e6,
    expectedUsd: async (tenant, workflow) => {
      const { evaluation } = await control.standings.of({ tenant, workflow, nanoUsd: 0, tokens: 0 });
      return evaluation.expected.nanoUsd === undefined ? undefined : evaluation.expected.nanoUsd / 1e9;
    },
    daysLeft: async (account) => {
      const nowMs = Date.now();
      const balance = await store.balances.find({ ...account, nowMs });
      return balance === undefined ? undefined : daysLeftOf(await forecasts.of(balance, nowMs), nowMs);
    },
  };
}
