// Where the money of one session went, and how far that can be known.

import { Facet, linesBy, sumOfAll } from '../query/lines.ts';
import { costStatusOf, type SessionFigures, tokensOf } from '../query/session-figures.ts';
import { writeUsd } from './measure.ts';

export interface CostShare {
  readonly name: string;
  readonly costNanoUsd: bigint;
  /** Of the whole, 0 to 1; undefined where the whole is nothing. */
  readonly share: number | undefined;
}

export interface CostAnalysis {
  readonly costNanoUsd: bigint;
  readonly otherCostNanoUsd: bigint;
  readonly status: string;
  readonly unpricedTokens: number;
  readonly byAgent: readonly CostShare[];
  readonly byModel: readonly CostShare[];
  readonly byTool: readonly CostShare[];
  readonly nanoUsdPerTurn: number | undefined;
  readonly nanoUsdPerThousandTokens: number | undefined;
  /** Share of the prompt tokens that came from a cache, 0 to 1. */
  readonly cachedShare: number | undefined;
  readonly explanation: string;
}

export function analyzeCost(figures: SessionFigures): CostAnalysis {
  const { lines, turns } = figures;
  const all = sumOfAll(lines);
  const total = all.cost_nano_usd;
  const sharesBy = (facet: Facet): readonly CostShare[] =>
    linesBy(lines, facet)
      .filter(({ sums }) => sums.cost_nano_usd !== 0n)
      .map(({ name, sums }) => ({
        name,
        costNanoUsd: sums.cost_nano_usd,
        share: divide(Number(sums.cost_nano_usd), Number(total)),
      }));
  const byAgent = sharesBy(Facet.AGENT);
  const analysis = {
    costNanoUsd: total,
    otherCostNanoUsd: all.other_cost_nano_usd,
    status: costStatusOf(lines),
    unpricedTokens: all.unpriced_tokens,
    byAgent,
    byModel: sharesBy(Facet.MODEL),
    byTool: sharesBy(Facet.TOOL),
    nanoUsdPerTurn: divide(Number(total), turns.length),
    nanoUsdPerThousandTokens: divide(Number(total) * 1000, tokensOf(lines)),
    cachedShare: divide(all.cache_read_tokens, all.input_tokens),
  };
  return { ...analysis, explanation: explain(analysis) };
}

function divide(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function explain(analysis: Omit<CostAnalysis, 'explanation'>): string {
  const { costNanoUsd, status, unpricedTokens, byAgent } = analysis;
  const sentences = [sayTotal(Number(costNanoUsd) / 1e9, status, unpricedTokens)];
  const [first] = byAgent;
  if (first?.share !== undefined && byAgent.length > 1) {
    sentences.push(
      `${first.name === '' ? 'Calls of no agent' : first.name} took ${Math.round(first.share * 100)} % of it.`,
    );
  }
  return sentences.join(' ');
}

function sayTotal(usd: number, status: string, unpricedTokens: number): string {
  const unpriced = `${unpricedTokens.toLocaleString('en-US')} tokens have no price`;
  switch (status) {
    case 'unpriced':
      return `What it cost is not known: ${unpriced}.`;
    case 'partial':
      return `It cost at least ${writeUsd(usd)}; ${unpricedTokens === 0 ? 'something in it has no price' : unpriced}.`;
    case 'estimated':
      return `It cost about ${writeUsd(usd)}; some prices or tokens are assumed.`;
    default:
      return `It cost ${writeUsd(usd)}.`;
  }
}
