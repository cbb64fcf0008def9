// What stands in provisioning/alerting.

import { ruleFile } from './alert-rule.ts';
import { clickhouseRuleGroups } from './clickhouse-rules.ts';
import { prometheusRuleGroups } from './prometheus-rules.ts';

const WRITTEN = '# Written by `npm run grafana:alerts`';

const OF_PROMETHEUS = `${WRITTEN} from prometheus/rules. Do not edit.
# Paused, because Prometheus evaluates the same alerts and Alertmanager tells of them: with both, everybody is told twice. Who has no Alertmanager
# writes this file with \`npm run grafana:alerts -- --active\`; Prometheus still has to evaluate the recording rules.`;

const OF_CLICKHOUSE = `${WRITTEN} from src/alerting/clickhouse-rules.ts. Do not edit.
# What Prometheus cannot say, hence not paused. Grafana sends these to Alertmanager (data source turnmeter-alertmanager).`;

/** @param options.isPaused - of the alerts that Prometheus has too */
export function alertFiles({ isPaused }: { readonly isPaused: boolean }): Readonly<Record<string, string>> {
  return {
    'clickhouse-rules.yaml': ruleFile(OF_CLICKHOUSE, clickhouseRuleGroups()),
    'prometheus-rules.yaml': ruleFile(OF_PROMETHEUS, prometheusRuleGroups({ isPaused })),
  };
}
