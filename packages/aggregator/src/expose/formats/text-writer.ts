// Prometheus' text format 0.0.4, and OpenMetrics 1.0, which is the same with exemplars, units and an end.
// https://prometheus.io/docs/instrumenting/exposition_formats, https://prometheus.io/docs/specs/om/open_metrics_spec

import { escapeText, labelText, type Labels } from '../labels.ts';
import { type Exemplar, exemplarPairs, type Family, type HistogramPoint, type ValuePoint } from '../metric.ts';
import type { PageWriter } from './page-writer.ts';

/** Text that is gathered before it becomes bytes. */
const CHUNK_LENGTH = 65_536;
/** Names may end in these units, which OpenMetrics then wants to be told. */
const UNITS = ['seconds', 'bytes', 'usd'] as const;

export class TextWriter implements PageWriter {
  readonly #isOpenMetrics: boolean;
  readonly #chunks: Buffer[] = [];
  #text = '';
  #name = '';

  constructor({ isOpenMetrics }: { readonly isOpenMetrics: boolean }) {
    this.#isOpenMetrics = isOpenMetrics;
  }

  open({ name, type, help }: Family): void {
    this.#name = name;
    if (!this.#isOpenMetrics) {
      const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
      this.#text += `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n`;
      return;
    }
    // A counter is called without the ending that its samples have.
    const family = type === 'counter' ? name.replace(/_total$/, '') : name;
    const unit = UNITS.find((one) => family.endsWith(`_${one}`));
    this.#text += `# TYPE ${family} ${type}\n`;
    if (unit !== undefined) this.#text += `# UNIT ${family} ${unit}\n`;
    this.#text += `# HELP ${family} ${escapeText(help)}\n`;
  }

  value({ labels, more, value, exemplar }: ValuePoint): void {
    this.#sample(this.#name, { labels: joined(labels, more?.text ?? ''), value, exemplar });
  }

  histogram({ labels, count, sum, classic }: HistogramPoint): void {
    const { bounds, counts, exemplars } = classic;
    let cumulative = 0;
    for (const [bucket, bound] of [...bounds, Number.POSITIVE_INFINITY].entries()) {
      cumulative += counts[bucket] ?? 0;
      const le = `le="${this.#isOpenMetrics ? floatText(bound) : numberText(bound)}"`;
      this.#sample(`${this.#name}_bucket`, {
        labels: joined(labels, le),
        value: cumulative,
        exemplar: exemplars[bucket],
      });
    }
    this.#sample(`${this.#name}_sum`, { labels: labels.text, value: sum });
    this.#sample(`${this.#name}_count`, { labels: labels.text, value: count });
  }

  finish(): readonly Uint8Array[] {
    if (this.#isOpenMetrics) this.#text += '# EOF\n';
    this.#flush();
    return this.#chunks;
  }

  #sample(name: string, sample: { labels: string; value: number; exemplar?: Exemplar | undefined }): void {
    const { labels, value, exemplar } = sample;
    this.#text += labels === '' ? `${name} ${numberText(value)}` : `${name}{${labels}} ${numberText(value)}`;
    if (this.#isOpenMetrics && exemplar !== undefined) this.#text += exemplarText(exemplar);
    this.#text += '\n';
    if (this.#text.length >= CHUNK_LENGTH) this.#flush();
  }

  #flush(): void {
    if (this.#text !== '') this.#chunks.push(Buffer.from(this.#text));
    this.#text = '';
  }
}

function joined({ text }: Labels, more: string): string {
  if (text === '') return more;
  return more === '' ? text : `${text},${more}`;
}

/** ` # {trace_id="…"} 0.67 1795305600.123` */
function exemplarText(exemplar: Exemplar): string {
  const pairs = exemplarPairs(exemplar);
  if (pairs.length === 0) return '';
  return ` # {${labelText(pairs)}} ${numberText(exemplar.value)} ${(exemplar.atMs / 1000).toFixed(3)}`;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** OpenMetrics wants to see that bounds are no whole numbers. */
function floatText(value: number): string {
  return Number.isInteger(value) ? `${numberText(value)}.0` : numberText(value);
}
