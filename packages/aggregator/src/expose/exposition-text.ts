// Prometheus' text format: labels that are safe whatever they say, and lines.

import { createHash } from 'node:crypto';

/** What a name in a label may have; longer ones cost every scrape, and nobody reads them. */
const LABEL_LENGTH_MAX = 96;
const DIGEST_LENGTH = 12;

/** Where everything is counted that has no series of its own. No tenant can be called so. */
export const OTHERS = '_other';

/**
 * `workflow="review"`: backslashes, quotes and line ends escaped as the format wants it. What is too long ends in a digest of the whole, so
 * that two long names stay two.
 */
export function label(name: string, value: string): string {
  return `${name}="${escapeLabel(shorten(value.toWellFormed()))}"`;
}

/** A workflow's name as a label has it; one that is called like the rest is told from it. */
export function workflowLabel(workflow: string): string {
  return workflow === OTHERS ? label('workflow', `${OTHERS}~${digestOf(workflow)}`) : label('workflow', workflow);
}

function shorten(value: string): string {
  if (value.length <= LABEL_LENGTH_MAX) return value;
  const kept = value.slice(0, LABEL_LENGTH_MAX - DIGEST_LENGTH - 1).toWellFormed();
  return `${kept}~${digestOf(value)}`;
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, DIGEST_LENGTH);
}

function escapeLabel(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

/** `turnmeter_cost_usd_total{tenant="acme"} 1.5`, with the line's end. */
export function sampleLine(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`;
}

/** What comes before the samples of a metric. */
export function headerLines({ name, type, help }: { name: string; type: string; help: string }): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}
