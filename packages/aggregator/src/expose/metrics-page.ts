// In: what was counted and what was read. Out: the text that Prometheus scrapes. Nothing is asked of the database or the control store here.

import { setImmediate } from 'node:timers/promises';
import type { BudgetConfig } from '../config/config.ts';
import type { MetricsRegistry } from '../serve/operations.ts';
import { headerLines, label, sampleLine } from './exposition-text.ts';
import { Families } from './families.ts';
import type { FiguresReader } from './figures.ts';
import { balanceLines, budgetLines, figureLines } from './gauge-text.ts';
import { COUNTERS, Histograms } from './rising-sums.ts';
import type { SessionLevelBook } from './session-levels.ts';
import type { WorkflowBook } from './workflow-book.ts';

export interface MetricsPageParts {
  /** Metrics of the service itself. */
  readonly registry: MetricsRegistry;
  readonly book: WorkflowBook;
  readonly levels: SessionLevelBook;
  readonly reader: FiguresReader;
  readonly budgets: readonly BudgetConfig[];
}

/** Pieces that are written before others get their turn: some milliseconds. */
const PIECES_AT_A_TIME = 5000;

export class MetricsPage implements MetricsRegistry {
  readonly #parts: MetricsPageParts;
  #writing: Promise<string> | undefined;

  constructor(parts: MetricsPageParts) {
    this.#parts = parts;
  }

  get contentType(): string {
    return this.#parts.registry.contentType;
  }

  /** Those who ask while it is being written get the same. */
  metrics(): Promise<string> {
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #write(): Promise<string> {
    const pieces = [await this.#parts.registry.metrics()];
    const book = [...this.#parts.book.all()];
    for (const piece of this.#lines()) {
      pieces.push(piece);
      if (pieces.length % PIECES_AT_A_TIME === 0) await setImmediate();
    }
    for (const sums of book) sums.settle();
    return pieces.join('');
  }

  *#lines(): Generator<string> {
    const { book, levels, reader, budgets } = this.#parts;
    const { figures } = reader;
    yield* this.#stateLines();
    yield* counterLines(book);
    yield* histogramLines(book);
    yield* balanceLines(reader.balances);
    if (figures === undefined) return;
    yield* figureLines(figures, { book, levels });
    yield* budgetLines(budgets, figures);
  }

  *#stateLines(): Generator<string> {
    const { book, reader } = this.#parts;
    yield headerLines(Families.up);
    for (const [part, isUp] of Object.entries(reader.up)) {
      yield sampleLine(Families.up.name, label('part', part), isUp ? 1 : 0);
    }
    yield headerLines(Families.figuresTimestamp);
    yield sampleLine(Families.figuresTimestamp.name, '', (reader.figures?.readMs ?? 0) / 1000);
    yield headerLines(Families.workflows);
    yield sampleLine(Families.workflows.name, label('state', 'shown'), book.size);
    yield sampleLine(Families.workflows.name, label('state', 'max'), book.workflowsMax);
    yield headerLines(Families.foldedRecords);
    yield sampleLine(Families.foldedRecords.name, '', book.folded);
  }
}

function* counterLines(book: WorkflowBook): Generator<string> {
  for (const [family, layouts] of Map.groupBy(COUNTERS, (counter) => counter.family)) {
    yield headerLines(family);
    for (const sums of book.all()) for (const layout of layouts) yield sums.counterLine(layout);
  }
}

function* histogramLines(book: WorkflowBook): Generator<string> {
  for (const layout of Object.values(Histograms)) {
    yield headerLines(layout.family);
    for (const sums of book.detailed()) yield sums.histogramLines(layout);
  }
}
