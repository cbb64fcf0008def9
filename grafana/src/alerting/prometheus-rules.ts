// In: the alerts of prometheus/rules. Out: the same as rules of Grafana. Refused: what a template of Prometheus says and one of Grafana cannot.
//
// An alert of Prometheus fires for every series of its answer, whatever the value. Grafana fires where a number is not 0. Queries are hence wrapped as Grafana
// wraps those that it imports itself (pkg/services/ngalert/prom/convert.go): is there a number, or none, or infinity?

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { parse } from 'yaml';
import { PROMETHEUS_PLUGIN } from '../data-source.ts';
import { alertRule, asked, isAbove, math, QUERY, type RuleGroup } from './alert-rule.ts';

const RULES = path.join(import.meta.dirname, '../../../prometheus/rules');
const PROMETHEUS = { type: PROMETHEUS_PLUGIN, uid: 'turnmeter-prometheus' };
/** How far back a query may look for its latest sample. */
const LOOK_BACK_SECONDS = 600;

interface PrometheusAlert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface PrometheusGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly (PrometheusAlert | { readonly record: string })[];
}

export function prometheusRuleGroups({ isPaused }: { readonly isPaused: boolean }): readonly RuleGroup[] {
  return readGroups().flatMap(({ name, interval, rules }) => {
    const alerts = rules.filter((rule) => 'alert' in rule);
    // In one folder of Grafana a title is there once, and of some alerts there is a critical one and a warning.
    const severities = [...new Set(alerts.map(({ labels }) => severityOf(labels)))].toSorted();
    return severities.map((severity) => ({
      name,
      folder: `Turnmeter alerts, ${severity}`,
      interval,
      rules: alerts.filter(({ labels }) => severityOf(labels) === severity).map((alert) => converted(alert, isPaused)),
    }));
  });
}

function readGroups(): readonly PrometheusGroup[] {
  const files = readdirSync(RULES).filter((file) => file.endsWith('.yaml'));
  return files.toSorted().flatMap((file) => {
    const { groups } = parse(readFileSync(path.join(RULES, file), 'utf8')) as { groups: readonly PrometheusGroup[] };
    return groups;
  });
}

function severityOf(labels: Readonly<Record<string, string>>): string {
  return labels['severity'] ?? 'info';
}

function converted(alert: PrometheusAlert, isPaused: boolean): RuleGroup['rules'][number] {
  const { alert: title, expr, labels, annotations } = alert;
  const model = new DataqueryBuilder().refId(QUERY).expr(expr.trim()).instant();
  return alertRule({
    uid: uidOf(title, severityOf(labels)),
    title,
    query: asked({ datasource: PROMETHEUS, seconds: LOOK_BACK_SECONDS, model }),
    conditions: [
      math('prometheus_math', `is_number($${QUERY}) || is_nan($${QUERY}) || is_inf($${QUERY})`),
      isAbove('threshold', 'prometheus_math', 0),
    ],
    lasting: alert.for ?? '0s',
    ...(alert.keep_firing_for === undefined ? {} : { keepFiringFor: alert.keep_firing_for }),
    labels,
    annotations: Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, templateOf(text)])),
    isPaused,
  });
}

/** `TurnmeterBudgetBurn`, `critical` → `tm-budget-burn-critical` */
function uidOf(title: string, severity: string): string {
  const words = title.replace(/^Turnmeter/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-');
  return `tm-${words.toLowerCase()}-${severity}`;
}

/** What Prometheus asks for in a template, with the words around it: Grafana's templates cannot ask. */
const ASKED_IN_TEMPLATE = /\{\{ with printf "[^"]*" [^}]*\| query \}\}.*?\{\{ end \}\} USD an hour/g;
/** All of the functions that our templates use, which both know. */
const KNOWN = /^(with|end|\.|\$labels\.\w+|\$value|humanize|humanizeDuration|humanizePercentage|printf "[^"]*")$/;

/** `$value` is a number in Prometheus; in Grafana it is a text that names all values. */
function templateOf(text: string): string {
  const told = text.replaceAll(ASKED_IN_TEMPLATE, '{{ $value | printf "%.6f" }} USD a second');
  for (const [, action = ''] of told.matchAll(/\{\{(.*?)\}\}/g)) {
    const unknown = action
      .trim()
      .replace(/^with /, '')
      .split('|')
      .map((part) => part.trim())
      .find((part) => !KNOWN.test(part));
    if (unknown !== undefined) throw new Error(`A template uses what Grafana may not know: ${unknown} in ${text}`);
  }
  return told.replaceAll(/\$value\b/g, `$values.${QUERY}.Value`);
}
