// Variables: those that are named exist, they are asked for as they can be chosen, and links lead to dashboards that have them.

import { type DashboardJson, promqlOf, sqlOf, type VariableJson } from '../dashboard-files.ts';
import { type Problem, problem } from './problem.ts';

/** Read once, and why. */
const READ_ONCE = new Set([
  // Read with each time range, the list would lose the session that is shown, and Grafana would show another one.
  'session',
]);

export function variableProblems(dashboard: DashboardJson, all: readonly DashboardJson[]): readonly Problem[] {
  return [
    ...dashboard.templating.list.flatMap(ownProblems),
    ...unknownProblems(dashboard),
    ...sqlOf('', dashboard).flatMap(({ what, text }) => sqlUses(dashboard, what, text)),
    ...promqlOf('', dashboard).flatMap(({ what, text }) => promqlUses(dashboard, what, text)),
    ...linkProblems(dashboard, all),
    ...(isForTenants(dashboard) && promqlOf('', dashboard).length > 0
      ? [problem('audience', 'dashboard', 'PromQL')]
      : []),
  ];
}

/** Tenants have no Prometheus, and no dashboards of operators. */
function isForTenants({ tags }: DashboardJson): boolean {
  return tags.includes('tenant');
}

function ownProblems({ name, type, refresh, includeAll, multi, allValue }: VariableJson): readonly Problem[] {
  const found: Problem[] = [];
  if (type === 'query' && refresh !== 2 && !READ_ONCE.has(name)) found.push(problem('refresh', name, `${refresh}`));
  if (type === 'query' && includeAll === true && allValue !== '.*')
    found.push(problem('all-value', name, `${allValue}`));
  if (includeAll === true && multi !== true) found.push(problem('multi', name, `${multi}`));
  return found;
}

/** Grafana's own, and groups of regular expressions. */
const BUILT_IN = /^__|^\d/;

function unknownProblems(dashboard: DashboardJson): readonly Problem[] {
  const known = new Set(dashboard.templating.list.map(({ name }) => name));
  const named = [...JSON.stringify(dashboard).matchAll(/\$\{(\w+)|\$(\w+)/g)].map(
    ([, braced, plain]) => braced ?? plain ?? '',
  );
  const unknown = named.filter((name) => !BUILT_IN.test(name) && !known.has(name));
  return [...new Set(unknown)].map((name) => problem('unknown-variable', 'dashboard', name));
}

/** Names of variables with the formats that they are written in. */
function usesOf(text: string): readonly { readonly name: string; readonly format: string }[] {
  return [...text.matchAll(/\$\{(\w+)(?:\.[^:}]+)?(?::([^}]+))?\}|\$(\w+)/g)]
    .map(([, braced, format = '', plain]) => ({ name: braced ?? plain ?? '', format }))
    .filter(({ name }) => !BUILT_IN.test(name));
}

/** Into SQL nothing gets but what is percent-encoded: other formats let quotes or backslashes through. */
function sqlUses(dashboard: DashboardJson, what: string, text: string): readonly Problem[] {
  return usesOf(text).flatMap(({ name, format }) => {
    const isMulti = dashboard.templating.list.find((variable) => variable.name === name)?.multi === true;
    const expected = isMulti ? 'customqueryparam:v' : 'percentencode';
    return isNumber(dashboard, name) || format === expected ? [] : [problem('sql-format', what, `${name}:${format}`)];
  });
}

/** One of a list that stands in the dashboard, all of which are numbers or words. */
function isNumber(dashboard: DashboardJson, name: string): boolean {
  const variable = dashboard.templating.list.find((one) => one.name === name);
  return variable?.type === 'custom' && typeof variable.query === 'string' && /^[\w\s:,.]+$/.test(variable.query);
}

function promqlUses(dashboard: DashboardJson, what: string, text: string): readonly Problem[] {
  const equal = [...text.matchAll(/!?=\s*"\$\{?(\w+)/g)].map(([, name]) => name ?? '');
  const isMulti = (name: string): boolean =>
    dashboard.templating.list.find((variable) => variable.name === name)?.multi === true;
  return equal.filter(isMulti).map((name) => problem('promql-equal', what, name));
}

function linkProblems(dashboard: DashboardJson, all: readonly DashboardJson[]): readonly Problem[] {
  const urls = [...JSON.stringify(dashboard).matchAll(/"url":"(\/d\/(?:[^"\\]|\\.)+)"/g)].map(
    ([, url]) => JSON.parse(`"${url}"`) as string,
  );
  return urls.flatMap((url) => {
    const [, uid = '', query = ''] = /^\/d\/([^?]+)\?(.*)$/.exec(url) ?? [];
    const target = all.find((one) => one.uid === uid);
    if (target === undefined) return [problem('link-dashboard', url, uid)];
    if (isForTenants(dashboard) && !isForTenants(target)) return [problem('link-audience', url, uid)];
    const names = target.templating.list.map(({ name }) => name);
    return query
      .split('&')
      .filter((pair) => pair.startsWith('var-'))
      .flatMap((pair) => {
        const [name = '', value = ''] = pair.slice('var-'.length).split('=');
        if (!names.includes(name)) return [problem('link-variable', url, name)];
        return /^\$\{[^}]+:percentencode\}$|^[\w.-]+$/.test(value) ? [] : [problem('link-encoding', url, value)];
      });
  });
}
