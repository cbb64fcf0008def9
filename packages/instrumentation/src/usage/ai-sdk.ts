// Vercel's AI SDK, versions 4 to 7: results of generateText, generateObject and embed, their steps, results of models.

import type { ReportedCost } from '@turnmeter/pricing';
import { hasDetails, readAiSdkUsage } from './ai-sdk-usage.ts';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts, chargeFor, joinCharges } from './build-facts.ts';
import { sumUsages } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';
import { inNanoUsd, readReportedCost } from './reported-cost.ts';
import { fillParts, readUsageObject } from './usage-object.ts';

/** More steps than these are summed by the SDK and not listed. */
const STEPS_MAX = 256;

export function isAiSdk(answer: JsonObject): boolean {
  const usage = answer['totalUsage'] ?? answer['usage'];
  if (!isObject(usage)) return false;
  return (
    'inputTokens' in usage || 'promptTokens' in usage || typeof usage['tokens'] === 'number' || 'totalUsage' in answer
  );
}

/**
 * Whether it is the result of `streamText` or `streamObject`. Touching the streams and even the promises of one starts its reading,
 * so that the app would find it read: such a result is asked for its keys only.
 */
export function isAiSdkStream(answer: JsonObject): boolean {
  return 'fullStream' in answer || 'partialObjectStream' in answer;
}

/**
 * Reads a result. Before version 7 `usage` was the last step's, and version 5 left out parts of the others' that only their metadata
 * has, so a result of several steps is the sum of them.
 */
export function readAiSdk(answer: JsonObject): AnswerFacts {
  const steps = listOr(answer['steps']).filter(isObject);
  if (steps.length === 0) return readCall(answer, answer['totalUsage'] ?? answer['usage']);
  const last = steps.at(-1) ?? answer;
  if (steps.length === 1) return readCall(last, last['usage']);
  const notes = new Notes();
  const end = readCall(last, last['usage']);
  if (steps.length > STEPS_MAX) {
    const total = objectOr(answer['totalUsage']);
    return buildFacts(
      { ...end, usage: readAiSdkUsage(total, notes), charges: undefined, reportedCost: undefined },
      notes,
    );
  }
  const calls = steps.map((step) => readCall(step, step['usage']));
  for (const problem of calls.flatMap(({ problems }) => problems ?? [])) notes.add(problem);
  return buildFacts(
    {
      ...end,
      usage: sumUsages(
        calls.map(({ usage }) => usage),
        notes,
      ),
      charges: joinCharges(...calls.map(({ charges }) => charges)),
      reportedCost: sumCosts(calls),
      calls,
    },
    notes,
  );
}

/** One call of a model: a step, a result without steps, or what the model itself returned. */
function readCall(call: JsonObject, usage: unknown): AnswerFacts {
  const notes = new Notes();
  const response = objectOr(call['response']);
  const model = objectOr(call['model']);
  const metadata = readMetadata(objectOr(call['providerMetadata']), notes);
  return buildFacts(
    {
      usage: isObject(usage) ? readCallUsage(usage, metadata, notes) : undefined,
      model: textOr(response['modelId']) ?? textOr(model['modelId']) ?? textOr(call['modelId']),
      responseId: textOr(response['id']) ?? textOr(call['responseId']),
      finishReasons: finishReasonOf(call),
      serviceTier: metadata.serviceTier,
      charges: metadata.webSearches === undefined ? undefined : chargeFor('web_search', metadata.webSearches),
      provider: textOr(model['provider']) ?? textOr(call['provider']),
      operation: isEmbedding(call, usage) ? Operation.Embeddings : Operation.Chat,
      reportedCost: metadata.cost,
    },
    notes,
  );
}

interface Metadata {
  /** The provider's own usage object. */
  readonly usage: JsonObject | undefined;
  /** Whether version 5 passed the input on without the cached part, as Anthropic and Bedrock count it. */
  readonly countsCacheBeside: boolean;
  readonly cacheWrite: number | undefined;
  readonly serviceTier: string | undefined;
  readonly webSearches: number | undefined;
  readonly cost: ReportedCost | undefined;
}

/** `providerMetadata: { anthropic: { usage, cacheCreationInputTokens }, openai: { serviceTier }, google: { usageMetadata } … }`. */
function readMetadata(metadata: JsonObject, notes: Notes): Metadata {
  const beside = metadata['anthropic'] ?? metadata['bedrock'];
  const named = beside ?? Object.values(metadata).find(isObject);
  const part = objectOr(named);
  const usage = part['usage'] ?? part['usageMetadata'];
  const own = isObject(usage) ? usage : undefined;
  return {
    usage: own,
    countsCacheBeside: isObject(beside),
    cacheWrite: readCount(part['cacheCreationInputTokens'] ?? own?.['cacheWriteInputTokens'], notes),
    serviceTier: textOr(part['serviceTier']) ?? textOr(own?.['service_tier']) ?? textOr(own?.['serviceTier']),
    webSearches: readCount(objectOr(own?.['server_tool_use'])['web_search_requests'], notes),
    cost: costOf(metadata),
  };
}

function readCallUsage(usage: JsonObject, metadata: Metadata, notes: Notes): AnswerFacts['usage'] {
  const theirs = metadata.usage?.['input_tokens'];
  const isBeside =
    metadata.countsCacheBeside && !hasDetails(usage) && (theirs === undefined || theirs === usage['inputTokens']);
  const own = readAiSdkUsage(usage, notes, {
    cache: isBeside ? 'beside' : 'inside',
    more: { cacheWrite: metadata.cacheWrite },
  });
  const passedOn = usage['raw'] ?? metadata.usage;
  // What is wrong with the provider's numbers is no problem of the SDK's.
  return isObject(passedOn) ? fillParts(own, readUsageObject(passedOn, new Notes())) : own;
}

/** OpenRouter and Vercel's gateway bill what they say. */
function costOf({ openrouter, gateway }: JsonObject): ReportedCost | undefined {
  if (isObject(openrouter)) return readReportedCost(objectOr(openrouter['usage']));
  return isObject(gateway) ? inNanoUsd(gateway['cost'], 1e9, 'gateway') : undefined;
}

/** Several calls cost what each of them says, if each says something. */
function sumCosts(calls: readonly AnswerFacts[]): ReportedCost | undefined {
  let sum = 0;
  let source: ReportedCost['source'] | undefined;
  for (const { reportedCost } of calls) {
    if (reportedCost === undefined) return undefined;
    sum += Number(reportedCost.nanoUsd);
    source = reportedCost.source;
  }
  return source === undefined ? undefined : { nanoUsd: sum, source };
}

/** The provider's word is kept where the SDK kept it: `{ unified: 'tool-calls', raw: 'tool_use' }`. */
function finishReasonOf(call: JsonObject): readonly string[] | undefined {
  const { finishReason, rawFinishReason } = call;
  const reason = isObject(finishReason)
    ? (textOr(finishReason['raw']) ?? textOr(finishReason['unified']))
    : (textOr(rawFinishReason) ?? textOr(finishReason));
  return reason === undefined ? undefined : [reason];
}

function isEmbedding(call: JsonObject, usage: unknown): boolean {
  return isObject(usage) && usage['tokens'] !== undefined && usage['inputTokens'] === undefined && !('text' in call);
}
