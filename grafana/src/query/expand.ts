// From what stands in a dashboard to what its data source is asked.

import { interpolate, type Variables } from './interpolate.ts';
import { expandMacros, type QueryRange } from './macros.ts';

/** SQL as ClickHouse gets it: variables by the browser, macros by the plugin's backend. */
export function expandSql(sql: string, range: QueryRange, variables: Variables): string {
  const builtIn = {
    __interval: { value: durationOf(range.intervalMs) },
    __interval_ms: { value: `${range.intervalMs}` },
  };
  const asked = interpolate(sql, { ...variables, ...builtIn }, (value) =>
    typeof value === 'string' ? value : `'${value.join("','")}'`,
  );
  return expandMacros(asked, range);
}

/** How far samples of Prometheus are apart, as prometheus/prometheus.yml scrapes. */
export const SCRAPE_MS = 15_000;

/** PromQL as Prometheus gets it. */
export function expandPromql(expr: string, range: QueryRange, variables: Variables): string {
  const { fromMs, toMs, intervalMs } = range;
  const rangeSeconds = Math.round((toMs - fromMs) / 1000);
  const builtIn: Variables = {
    __interval: { value: durationOf(intervalMs) },
    __interval_ms: { value: `${intervalMs}` },
    __rate_interval: { value: durationOf(Math.max(intervalMs + SCRAPE_MS, 4 * SCRAPE_MS)) },
    __range: { value: `${rangeSeconds}s` },
    __range_s: { value: `${rangeSeconds}` },
    __range_ms: { value: `${toMs - fromMs}` },
  };
  const isBuiltIn = new Set(Object.values(builtIn));
  return interpolate(expr, { ...variables, ...builtIn }, (value, variable) => {
    if (isBuiltIn.has(variable)) return String(value);
    return escaped(value, variable.isMulti ?? false);
  });
}

/**
 * As Grafana 13.2 writes values into PromQL with `prometheusSpecialCharsInLabelValues` (escaping.ts of @grafana/prometheus), which docker-compose.yml
 * switches on: one of several is escaped for the regular expression and then for the string, except for quotes, which it escapes for both at once. The
 * only value of a variable is escaped for the string, unless it looks like a whole matcher.
 */
function escaped(value: string | readonly string[], isMulti: boolean): string {
  if (!isMulti) {
    if (typeof value !== 'string') return String(value);
    const isMatcher = /^\w+(=|!=|=~|!~)".*"$/.test(value);
    return isMatcher ? value : value.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`);
  }
  const values = (typeof value === 'string' ? [value] : value).map((one) =>
    one
      .replaceAll('\\', '\\'.repeat(4))
      .replaceAll('"', `${'\\'.repeat(3)}"`)
      .replaceAll(/[$^*{}[\]'+?.()|]/g, String.raw`\\$&`),
  );
  return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;
}

function durationOf(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
