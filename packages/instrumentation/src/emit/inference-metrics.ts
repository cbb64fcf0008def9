import type { Attributes } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import type { Identity } from '../session/identity.ts';
import { ownLabels, standardLabels } from './identity-attributes.ts';
import type { EndedCall } from './inference-attributes.ts';
import type { InferenceStart } from './inference.ts';
import { recorder } from './recorder.ts';

/**
 * Counters begin at 0 when the first call of a series begins, not at the amount of that call: what a counter is born with, a rate
 * never sees.
 */
export function bearSeries(identity: Identity, { model }: InferenceStart): void {
  const key = JSON.stringify([identity.tenant, identity.workflow, identity.agent, model]);
  const { instruments } = recorder();
  let known = born.get(instruments);
  if (known === undefined) born.set(instruments, (known = new Set()));
  if (known.has(key) || known.size >= SERIES_MAX) return;
  known.add(key);
  const labels = callLabels(identity, model);
  instruments.cost.add(0, labels);
  for (const direction of ['input', 'output']) {
    instruments.tokens.add(0, { ...labels, [names.MetricLabel.DIRECTION]: direction });
  }
  instruments.errors.add(0, ownLabels(identity));
}

/** Counts a model call, whether its trace is sampled or not. */
export function measureInference(call: EndedCall): void {
  const { identity, start, facts, errorType, durationMs, firstChunkMs, retries, usageSource } = call;
  const { instruments } = recorder();
  const labels = callLabels(identity, start.model ?? facts.model);
  const standard = conventionLabels(call);
  if (durationMs !== undefined) {
    instruments.operationDuration.record(
      durationMs / 1000,
      errorType === undefined ? standard : { ...standard, [names.ATTR_ERROR_TYPE]: errorType },
    );
    instruments.inferenceDuration.record(durationMs / 1000, labels);
  }
  if (usageSource !== undefined) instruments.inferences.add(1, { ...labels, usage_source: usageSource });
  if (errorType !== undefined) {
    instruments.errors.add(1, { ...ownLabels(identity), [names.MetricLabel.REASON]: errorType });
  }
  if (retries > 0) instruments.retries.add(retries, labels);
  if (firstChunkMs !== undefined && start.isStream === true) {
    instruments.timeToFirstChunk.record(firstChunkMs / 1000, standard);
    instruments.timeToFirstToken.record(firstChunkMs / 1000, labels);
  }
  measureSpend(call, { labels, standard });
}

/** Counts the tokens and the cost alone, of calls that were counted elsewhere. */
export function measureSpendAlone(call: EndedCall): void {
  const labels = callLabels(call.identity, call.start.model ?? call.facts.model);
  measureSpend(call, { labels, standard: conventionLabels(call) });
}

function measureSpend(
  { facts: { usage }, cost }: EndedCall,
  { labels, standard }: { readonly labels: Attributes; readonly standard: Attributes },
): void {
  const { instruments } = recorder();
  if (usage?.input !== undefined) {
    instruments.tokenUsage.record(usage.input, {
      ...standard,
      [names.ATTR_GEN_AI_TOKEN_TYPE]: names.GenAiTokenType.INPUT,
    });
  }
  if (usage?.output !== undefined) {
    instruments.tokenUsage.record(usage.output, {
      ...standard,
      [names.ATTR_GEN_AI_TOKEN_TYPE]: names.GenAiTokenType.OUTPUT,
    });
  }
  for (const [direction, bucket] of DIRECTIONS) {
    const tokens = usage?.[bucket];
    if (tokens !== undefined) instruments.tokens.add(tokens, { ...labels, [names.MetricLabel.DIRECTION]: direction });
  }
  if (cost === undefined) return;
  if (cost.status === names.CostStatus.UNPRICED) {
    instruments.unpricedTokens.add((usage?.input ?? 0) + (usage?.output ?? 0), labels);
  } else instruments.cost.add(cost.totalNanoUsd / 1e9, labels);
}

/** Parts of a whole are labels of their own: `input` holds `cache_read`, so directions are not to be added up. */
const DIRECTIONS = [
  ['input', 'input'],
  ['output', 'output'],
  ['cache_read', 'cacheRead'],
  ['cache_write', 'cacheWrite'],
  ['reasoning', 'reasoning'],
] as const;
/** As many as OpenTelemetry's SDK keeps apart by default. */
const SERIES_MAX = 2000;
const born = new WeakMap<object, Set<string>>();

function callLabels(identity: Identity, model: string | undefined): Attributes {
  const labels = ownLabels(identity);
  if (model !== undefined) labels[names.MetricLabel.MODEL] = model;
  return labels;
}

function conventionLabels({ identity, start, facts }: EndedCall): Attributes {
  const labels = standardLabels(identity);
  labels[names.ATTR_GEN_AI_OPERATION_NAME] = start.operation;
  labels[names.ATTR_GEN_AI_PROVIDER_NAME] = start.provider;
  if (start.model !== undefined) labels[names.ATTR_GEN_AI_REQUEST_MODEL] = start.model;
  if (facts.model !== undefined) labels[names.ATTR_GEN_AI_RESPONSE_MODEL] = facts.model;
  return labels;
}
