// How single figures of answers are shown, everywhere the same.

import type { CostDocument, SessionDocument } from '../../serve/documents/session-schema.ts';
import { formatUsd } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Tone } from '../text/paint.ts';
import type { Cell } from '../text/table.ts';

/** A name from telemetry; what has none is said so. */
export function nameCell(name: string | null, ifNone: string = '(not named)'): Cell {
  return name === null || name === '' ? { text: ifNone, tone: 'faint' } : shown(name);
}

/** How far a cost can be trusted stands before it: `~` an estimate, `≥` a lower bound; where there is no price, there is no number. */
export function costText({ usd, status }: Pick<CostDocument, 'usd' | 'status'>): string {
  switch (status) {
    case 'estimated':
      return `~${formatUsd(usd)}`;
    case 'partial':
      return `≥${formatUsd(usd)}`;
    case 'unpriced':
      return 'unpriced';
    default:
      return formatUsd(usd);
  }
}

export function costCell(cost: Pick<CostDocument, 'usd' | 'status'>): Cell {
  const isLess = cost.status === 'partial' || cost.status === 'unpriced';
  return isLess ? { text: costText(cost), tone: 'warning' } : costText(cost);
}

/** What the marks before costs mean, for those that were used. */
export function costMarks(costs: readonly Pick<CostDocument, 'status'>[]): readonly string[] {
  const used = new Set(costs.map(({ status }) => status));
  return [
    ...(used.has('estimated') ? ['~ an estimate'] : []),
    ...(used.has('partial') ? ['≥ a lower bound: something in it has no price'] : []),
  ];
}

export function stateCell(state: SessionDocument['state']): Cell {
  return state === null ? '' : { text: state, tone: state === 'running' ? 'good' : 'plain' };
}

/** Zero is what one hopes for, so it stays in the background. */
export function faultCell(count: number): Cell {
  return count === 0 ? { text: '0', tone: 'faint' } : { text: String(count), tone: 'bad' };
}

const VERDICT_TONES: Readonly<Record<string, Tone>> = {
  normal: 'good',
  low: 'warning',
  high: 'warning',
  unusual: 'bad',
};

export function verdictTone(verdict: string): Tone {
  return VERDICT_TONES[verdict] ?? 'faint';
}

/** A figure that may not be there. */
export function figureCell(value: number | null, format: (value: number) => string): Cell {
  return value === null ? { text: '-', tone: 'faint' } : format(value);
}
