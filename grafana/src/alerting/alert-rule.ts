// An alert rule of Grafana, and the form in which files of provisioning have it (pkg/services/provisioning/alerting/rules_types.go).

import {
  type Query,
  QueryBuilder,
  type RelativeTimeRange,
  type Rule,
  RuleBuilder,
} from '@grafana/grafana-foundation-sdk/alerting';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { TypeMathBuilder, TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';
import { stringify } from 'yaml';

export interface RuleGroup {
  readonly name: string;
  readonly folder: string;
  /** `1m` */
  readonly interval: string;
  readonly rules: readonly Rule[];
}

export interface AlertOptions {
  /** Unique, and at most 40 characters. */
  readonly uid: string;
  readonly title: string;
  /** What is asked, as refId `query`. Each series or row of the answer is an alert of its own. */
  readonly query: Builder<Query>;
  /** What has to be true of the answer: the refId of the last is the condition. */
  readonly conditions: readonly Builder<Query>[];
  /** How long it has to be true. */
  readonly lasting: string;
  readonly keepFiringFor?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
}

/** What is asked: refId of a rule's query, by which templates find its value. */
export const QUERY = 'query';

const UID_LENGTH_MAX = 40;

/** No rows and no series are good news: alerts come from rows and series. */
export function alertRule(options: AlertOptions): Rule {
  const { uid, title, query, conditions, lasting, keepFiringFor, labels, annotations, isPaused } = options;
  if (uid.length > UID_LENGTH_MAX) throw new Error(`The uid of a rule is longer than ${UID_LENGTH_MAX}: ${uid}`);
  const builder = new RuleBuilder(title)
    .uid(uid)
    .queries([query, ...conditions])
    .condition(conditions.at(-1)?.build().refId ?? QUERY)
    .forDuration(lasting)
    .noDataState('OK')
    .execErrState('Error')
    // As in Prometheus: an alert ends with the series that it came from.
    .missingSeriesEvalsToResolve(1)
    .labels({ ...labels })
    .annotations({ ...annotations })
    .isPaused(isPaused);
  if (keepFiringFor !== undefined) builder.keepFiringFor(keepFiringFor);
  return builder.build();
}

interface Asked {
  readonly datasource: DataSourceRef & { readonly uid: string };
  readonly seconds: number;
  readonly model: Builder<Dataquery>;
}

/** The query of a rule, over so many seconds until now. Dashboards have variables for data sources; a rule names its own. */
export function asked({ datasource, seconds, model }: Asked): Builder<Query> {
  const named = { build: () => ({ ...model.build(), datasource }) as Dataquery };
  return new QueryBuilder(QUERY).datasourceUid(datasource.uid).relativeTimeRange(range(seconds)).model(named);
}

/** Grafana's own expressions are a data source too. */
const EXPRESSIONS = { type: '__expr__', uid: '__expr__' };

export function math(refId: string, expression: string): Builder<Query> {
  const model = new TypeMathBuilder().refId(refId).datasource(EXPRESSIONS).expression(expression);
  return new QueryBuilder(refId).datasourceUid(EXPRESSIONS.uid).relativeTimeRange(range(0)).model(model);
}

export function isAbove(refId: string, of: string, threshold: number): Builder<Query> {
  const model = new TypeThresholdBuilder()
    .refId(refId)
    .datasource(EXPRESSIONS)
    .expression(of)
    .conditions([{ evaluator: { type: 'gt', params: [threshold] } }]);
  return new QueryBuilder(refId).datasourceUid(EXPRESSIONS.uid).relativeTimeRange(range(0)).model(model);
}

function range(seconds: number): RelativeTimeRange {
  return { from: seconds, to: 0 };
}

/** A file for provisioning/alerting. */
export function ruleFile(header: string, groups: readonly RuleGroup[]): string {
  const text = stringify(
    {
      apiVersion: 1,
      groups: groups.map(({ name, folder, interval, rules }) => ({
        orgId: 1,
        name,
        folder,
        interval,
        rules: rules.map(provisioned),
      })),
    },
    { lineWidth: 0, aliasDuplicateObjects: false, singleQuote: true },
  );
  return `${header}\n${text}`;
}

/** Names differ from those of the API. Functions by which the SDK tells queries apart are no text. */
function provisioned(rule: Rule): object {
  const { uid, title, condition, data, noDataState, execErrState, labels, annotations, isPaused } = rule;
  return {
    uid,
    title,
    condition,
    data: JSON.parse(JSON.stringify(data)) as object,
    noDataState,
    execErrState,
    for: rule.for,
    ...(rule.keep_firing_for === undefined ? {} : { keepFiringFor: rule.keep_firing_for }),
    missing_series_evals_to_resolve: rule.missingSeriesEvalsToResolve,
    labels,
    annotations,
    isPaused,
  };
}
