// PromQL: it parses, rates are rates of counters, every series is of the chosen tenants, and no series is of a single session.

import { parser } from '@prometheus-io/lezer-promql';
import { expandPromql } from '../../src/query/expand.ts';
import { chosenOf, type DashboardJson, panelsOf, promqlOf } from '../dashboard-files.ts';
import { type Problem, problem } from './problem.ts';

/** A metric as an expression names it, with its labels. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

const RANGE = { fromMs: 0, toMs: 3_600_000, intervalMs: 60_000 };

export function promqlProblems(dashboard: DashboardJson, ofTenants: ReadonlySet<string>): readonly Problem[] {
  return [
    ...promqlOf('', dashboard).flatMap(({ what, text }) => expressionProblems(dashboard, { what, text, ofTenants })),
    ...targetProblems(dashboard),
  ];
}

interface Expression {
  readonly what: string;
  readonly text: string;
  readonly ofTenants: ReadonlySet<string>;
}

function expressionProblems(dashboard: DashboardJson, { what, text, ofTenants }: Expression): readonly Problem[] {
  const expanded = expandPromql(text, RANGE, chosenOf(dashboard, {}));
  const error = errorIn(expanded);
  if (error !== undefined) return [problem('promql-syntax', what, error)];
  const selectors = selectorsIn(expanded);
  return [
    ...selectors
      .filter(({ metric, labels }) => ofTenants.has(metric) && !labels.includes('tenant'))
      .map(({ metric }) => problem('promql-tenant', what, metric)),
    ...selectors
      .filter(({ labels }) => labels.some((label) => /session|trace|span|user/.test(label)))
      .map(({ metric }) => problem('promql-cardinality', what, metric)),
    ...(/\bby \([^)]*\b(?:session|trace|span|user)\w*/.test(expanded)
      ? [problem('promql-cardinality', what, 'by')]
      : []),
    ...selectors
      .filter(({ metric }) => metric.endsWith('_total') && !isRated(expanded, metric))
      .map(({ metric }) => problem('counter', what, metric)),
  ];
}

/** Whether a counter is within a function that makes a rate of it, or is only asked whether it is there. */
function isRated(expr: string, metric: string): boolean {
  return new RegExp(
    String.raw`\b(?:rate|increase|irate|resets|count|absent|group)(?: by \([^)]*\) )?\s*\(\s*${metric}\b`,
  ).test(expr);
}

function targetProblems(dashboard: DashboardJson): readonly Problem[] {
  return panelsOf(dashboard).flatMap(({ title, targets = [], fieldConfig }) =>
    targets.flatMap(({ expr, instant }) => {
      if (expr === undefined) return [];
      const fixed = [...expr.matchAll(/\b(?:rate|increase|irate|delta)\([^[]*\[([^\]]+)\]/g)].map(
        ([, window = '']) => window,
      );
      const isAtEnd = instant === true;
      const wrong = fixed.filter((window) => !/^\$__(?:rate_interval|range)$/.test(window) && !isAtEnd);
      const isMoney = String(fieldConfig?.defaults['unit']).startsWith('currency');
      const isCountedTwice = isMoney && /increase\([^[]*cost[^[]*\[\$__rate_interval\]/.test(expr);
      return [
        ...wrong.map((window) => problem('rate-interval', title, window)),
        ...(isCountedTwice ? [problem('money-window', title, expr)] : []),
      ];
    }),
  );
}

/** What the parser stumbled over. */
function errorIn(expr: string): string | undefined {
  let error: string | undefined;
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) error ??= expr.slice(Math.max(0, node.from - 15), node.to + 15);
    },
  });
  return error;
}

/** Every selector of an expression without variables. */
export function selectorsIn(expr: string): readonly Selector[] {
  const selectors: Selector[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name !== 'VectorSelector') return;
      const identifier = node.getChild('Identifier');
      const matchers = node.getChild('LabelMatchers');
      const text = matchers === null ? '' : expr.slice(matchers.from, matchers.to);
      selectors.push({
        metric: identifier === null ? '' : expr.slice(identifier.from, identifier.to),
        labels: [...text.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label ?? ''),
      });
    },
  });
  return selectors;
}
