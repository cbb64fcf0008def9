// What was chosen in a dashboard, as SQL and PromQL say it.
//
// Anybody can put anything into a variable: it is in the address. Of Grafana's formats, `singlequote` and `sqlstring` let a backslash
// through, and to ClickHouse '\' is an open string, so the next variable would be read as SQL. Percent-encoded text has no character
// that means anything to ClickHouse, which decodes it. Whoever may see what is decided by row policies, not here: this keeps a query the
// query that was written.

/** The one value of a variable, as a string of ClickHouse. */
export function chosen(variable: string): string {
  return `decodeURLComponent('\${${variable}:percentencode}')`;
}

/** What a variable of several values stands for when all are chosen. Values themselves are encoded, so none of them is this. */
export const ALL_VALUE = '.*';

/** Whether a column is among the values of a variable that may have several, or all. */
export function isAmong(column: string, variable: string): string {
  const values = `'\${${variable}:customqueryparam:v}'`;
  return `(${values} = '${ALL_VALUE}' OR ${column} IN arrayMap(v -> decodeURLComponent(v), extractAll(${values}, 'v=([^&]*)')))`;
}

/** Rows of the chosen tenant. `of` is the table, where more than one has the column. */
export function ofTenant(of?: string): string {
  return `${of === undefined ? '' : `${of}.`}tenant = ${chosen('tenant')}`;
}

/** Rows of the chosen tenants, on dashboards that look at several. */
export function ofTenants(of?: string): string {
  return isAmong(`${of === undefined ? '' : `${of}.`}tenant`, 'tenant');
}

/** Labels of series of our job, those that are chosen, and others as they stand: `{job="turnmeter",tenant=~"$tenant",level="stop"}`. */
export function labels(variables: readonly string[], rest: Readonly<Record<string, string>> = {}): string {
  return braces([['job', JOB], ...Object.entries(rest)], variables);
}

/** The same for what rules have recorded, which has no job. */
export function recordedLabels(variables: readonly string[], rest: Readonly<Record<string, string>> = {}): string {
  return braces(Object.entries(rest), variables);
}

/** As in prometheus/prometheus.yml. */
const JOB = 'turnmeter';

/** Grafana escapes what a plain `$name` stands for as Prometheus needs it. */
function braces(fixed: readonly (readonly [string, string])[], variables: readonly string[]): string {
  const equal = fixed.map(([name, value]) => `${name}="${value}"`);
  return `{${[...equal, ...variables.map((name) => `${name}=~"$${name}"`)].join(', ')}}`;
}
