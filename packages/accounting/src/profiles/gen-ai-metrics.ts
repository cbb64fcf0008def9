// Metrics of tokens, of any generation of the conventions and of producers nobody listed. The weakest evidence: they report what the
// service's calls report, know no session, and of two names for the same tokens one is booked.

import {
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_CREATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
  METRIC_TURNMETER_TOKENS,
  METRIC_TURNMETER_UNPRICED_TOKENS,
} from '@turnmeter/semconv';
import type { Profile } from '../observe/profile.ts';
import { serviceFamily } from '../observe/service-family.ts';
import { readTokenPoint } from '../observe/token-point.ts';
import type { MetricPoint } from '../record/record.ts';
import { isNoCount } from '../vocabulary/guess-count.ts';
import { metricKey, partInAttributes, partInName, type TokenPart } from '../vocabulary/metric-words.ts';
import { wordsOf } from '../vocabulary/words.ts';

/** Sources of one service's tokens, best first, behind its calls and events (`EventRank`). */
export const MetricRank = {
  /** Histograms for each operation: whole input and output, and how many calls. */
  OPERATION: 10,
  /** The conventions' counters, which also know the parts. */
  USAGE: 11,
  /** The histogram that everybody in the field sends. */
  TOKEN_USAGE: 12,
  /** A producer's own: each name a rank of its own from here on, because two names of one service tell the same tokens. */
  OWN: 13,
} as const;

/** What Turnmeter itself counts comes back when it is scraped: it is a figure, no evidence. Its instrumentation has a profile. */
const OUR_OWN = new Set<string>([METRIC_TURNMETER_TOKENS, METRIC_TURNMETER_UNPRICED_TOKENS]);

export const genAiMetrics: Profile = {
  name: 'gen-ai-metrics',
  title: 'Metrics of tokens',
  marks: [],
  signals: ['metric'],
  claims: (record) => record.signal === 'metric',
  read(record, draft) {
    if (record.signal !== 'metric' || OUR_OWN.has(record.metric)) return;
    const part = partInName(record.metric) ?? partOfPoint(record);
    if (part === undefined) return;
    const authority = { family: serviceFamily(draft.service), rank: rankOf(record.metric) };
    readTokenPoint(record, draft, { part, authority });
  },
};

/** Names that speak of limits, rates or a session's own sums count nothing, whatever the point's attributes say. */
function partOfPoint({ metric, attributes }: MetricPoint): TokenPart | undefined {
  return isNoCount(wordsOf(metric)) ? undefined : partInAttributes(attributes);
}

function rankOf(metric: string): number {
  return RANKS.get(metricKey(metric)) ?? MetricRank.OWN + (hashOf(stemOf(metric)) % OWN_RANKS);
}

const LISTED: readonly (readonly [metric: string, rank: number])[] = [
  [METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS, MetricRank.OPERATION],
  [METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS, MetricRank.OPERATION],
  [METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, MetricRank.USAGE],
  [METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, MetricRank.USAGE],
  [METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS, MetricRank.USAGE],
  [METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS, MetricRank.USAGE],
  [METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_CREATION_INPUT_TOKENS, MetricRank.USAGE],
  [METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS, MetricRank.USAGE],
  [METRIC_GEN_AI_CLIENT_TOKEN_USAGE, MetricRank.TOKEN_USAGE],
];
const RANKS: ReadonlyMap<string, number> = new Map(LISTED.map(([metric, rank]) => [metricKey(metric), rank]));

/** Ranks of unlisted names: many, so that two names seldom share one. */
const OWN_RANKS = 30_000;

/** What a producer's names for the kinds of tokens have in common: `strands.event_loop.input.tokens` → `strands.event_loop`. */
function stemOf(metric: string): string {
  return metric
    .toLowerCase()
    .replaceAll(/input|output|prompt|completion|cached?|read|write|creation|reasoning|total|tokens?|usage/g, '')
    .replaceAll(/[._-]+/g, '.');
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash >>> 0;
}
