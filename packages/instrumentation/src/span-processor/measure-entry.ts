import { type Entry, EntryKind, UsageSource, usageOf } from '@turnmeter/accounting';
import type { Cost } from '@turnmeter/pricing';
import * as names from '@turnmeter/semconv';
import { ownLabels, standardLabels } from '../emit/identity-attributes.ts';
import type { EndedCall } from '../emit/inference-attributes.ts';
import { measureInference, measureSpendAlone } from '../emit/inference-metrics.ts';
import { recorder } from '../emit/recorder.ts';
import { identityOf } from './counted.ts';

/** What the recorder has told of the same thing by itself. */
export const Told = {
  NOTHING: 'nothing',
  /** That there was a call, and how long it took; not what it used. */
  CALL: 'call',
  EVERYTHING: 'everything',
} as const;
export type Told = (typeof Told)[keyof typeof Told];

/** Adds to the metrics what an entry stands for. Counters cannot go back: call it when nothing more is expected to change it. */
export function measureEntry(entry: Entry, cost: Cost | undefined, told: Told): void {
  if (told === Told.EVERYTHING) return;
  switch (entry.kind) {
    case EntryKind.TURN:
      measureTurn(entry);
      break;
    case EntryKind.RUN:
      measureRun(entry);
      break;
    case EntryKind.TOOL:
      measureTool(entry);
      break;
    case EntryKind.HUMAN_WAIT:
      recorder().instruments.humanWait.record(entry.humanWaitUs / 1e6, ownLabels(identityOf(entry)));
      break;
    default:
  }
  if (entry.handoffs > 0) measureHandoff(entry);
  measureCalls(entry, cost, told);
}

function measureCalls(entry: Entry, cost: Cost | undefined, told: Told): void {
  const call = callOf(entry, cost);
  if (entry.inferences === 1 && told === Told.NOTHING) {
    measureInference(call);
    return;
  }
  if (entry.inferences > 0 && told === Told.NOTHING) countCalls(entry, call);
  if (entry.isInputKnown || entry.isOutputKnown || cost !== undefined) measureSpendAlone(call);
}

/** A sum that stands for several calls says nothing about how long each of them took. */
function countCalls(entry: Entry, { start, usageSource }: EndedCall): void {
  if (usageSource === undefined) return;
  const labels = { ...ownLabels(identityOf(entry)), [names.MetricLabel.MODEL]: start.model ?? '' };
  recorder().instruments.inferences.add(entry.inferences, { ...labels, usage_source: usageSource });
}

function callOf(entry: Entry, cost: Cost | undefined): EndedCall {
  const { requestModel, model, timeToFirstTokenUs, usageSource } = entry;
  const hasTokens = entry.isInputKnown || entry.isOutputKnown;
  return {
    start: {
      operation: entry.operation === '' ? names.GenAiOperation.CHAT : entry.operation,
      provider: entry.provider,
      model: requestModel === '' ? undefined : requestModel,
      isStream: timeToFirstTokenUs > 0,
    },
    identity: identityOf(entry),
    facts: {
      ...(hasTokens ? { usage: usageOf(entry) } : {}),
      ...(model === '' ? {} : { model }),
    },
    cost,
    usageSource: usageSource === UsageSource.NONE ? undefined : usageSource,
    errorType: entry.errors > 0 ? entry.error : undefined,
    durationMs: (entry.endUs - entry.startUs) / 1000,
    firstChunkMs: timeToFirstTokenUs > 0 ? timeToFirstTokenUs / 1000 : undefined,
    retries: 0,
  };
}

function measureTurn(entry: Entry): void {
  const { instruments } = recorder();
  const identity = identityOf(entry);
  const labels = ownLabels(identity);
  instruments.turns.add(1, { ...labels, [names.MetricLabel.OUTCOME]: names.TurnOutcome.COMPLETED });
  instruments.turnDuration.record(entry.responseTimeUs / 1e6, labels);
  instruments.invokeAgentDuration.record(secondsOf(entry), standardLabels(identity));
}

function measureRun(entry: Entry): void {
  const { instruments } = recorder();
  const { agent: _, ...identity } = identityOf(entry);
  instruments.sessionDuration.record(secondsOf(entry), ownLabels(identity));
  instruments.invokeWorkflowDuration.record(secondsOf(entry), standardLabels(identity));
}

function measureTool(entry: Entry): void {
  const { instruments } = recorder();
  const labels = ownLabels(identityOf(entry));
  const error = entry.errors > 0 ? { [names.ATTR_ERROR_TYPE]: entry.error } : {};
  instruments.toolDuration.record(secondsOf(entry), labels);
  instruments.executeToolDuration.record(secondsOf(entry), {
    [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.EXECUTE_TOOL,
    [names.ATTR_GEN_AI_TOOL_NAME]: entry.tool,
    ...error,
  });
  if (entry.errors > 0) instruments.errors.add(1, { ...labels, [names.MetricLabel.REASON]: entry.error });
}

function measureHandoff(entry: Entry): void {
  const { agent = '', ...others } = identityOf(entry);
  recorder().instruments.handoffs.add(entry.handoffs, { ...ownLabels(others), from: agent, to: entry.handoffTo });
}

function secondsOf({ startUs, endUs }: Entry): number {
  return (endUs - startUs) / 1e6;
}
