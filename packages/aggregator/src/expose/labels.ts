// Labels that are safe whatever they say: well-formed, short, and made once for all the samples that bear them.

import { createHash } from 'node:crypto';

/** What a name in a label may have; longer ones cost every scrape, and nobody reads them. */
const LABEL_LENGTH_MAX = 96;
const DIGEST_LENGTH = 12;

/** Where everything is counted that has no series of its own. No tenant can be called so. */
export const OTHERS = '_other';

export type LabelPair = readonly [name: string, value: string];

/** Names and values of a series, or a part of them. */
export class Labels {
  readonly pairs: readonly LabelPair[];
  /** `tenant="acme",workflow="review"` */
  readonly text: string;
  /** For the format that encodes them to keep: many samples bear the same labels. */
  encoded: Uint8Array | undefined;

  /** What is too long ends in a digest of the whole, so that two long names stay two. */
  constructor(pairs: readonly LabelPair[]) {
    this.pairs = pairs.map(([name, value]) => [name, shorten(value.toWellFormed())]);
    this.text = labelText(this.pairs);
  }

  /** Of a series that bears both. */
  and(pairs: readonly LabelPair[]): Labels {
    return new Labels([...this.pairs, ...pairs]);
  }
}

export const NO_LABELS: Labels = new Labels([]);
export const OTHER_LABELS: Labels = new Labels([
  ['tenant', OTHERS],
  ['workflow', OTHERS],
]);

/** A workflow that is called like the rest is told from it. */
export function workflowLabels(tenant: string, workflow: string): Labels {
  const shown = workflow === OTHERS ? `${OTHERS}~${digestOf(workflow)}` : workflow;
  return new Labels([
    ['tenant', tenant],
    ['workflow', shown],
  ]);
}

/** As text formats write them: backslashes, quotes and line ends escaped. */
export function labelText(pairs: readonly LabelPair[]): string {
  return pairs.map(([name, value]) => `${name}="${escapeText(value)}"`).join(',');
}

export function escapeText(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

function shorten(value: string): string {
  if (value.length <= LABEL_LENGTH_MAX) return value;
  const kept = value.slice(0, LABEL_LENGTH_MAX - DIGEST_LENGTH - 1).toWellFormed();
  return `${kept}~${digestOf(value)}`;
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, DIGEST_LENGTH);
}
