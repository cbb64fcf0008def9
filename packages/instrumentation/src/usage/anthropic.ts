// Anthropic's Messages API. https://platform.claude.com/docs/en/api/messages

import type { TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts, chargeFor } from './build-facts.ts';
import { inclusiveUsage, sumUsages } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';
import { readReportedCost } from './reported-cost.ts';

/** More iterations than a call has. */
const ITERATIONS_MAX = 1_000;

/** OpenAI's Responses have output items of the same type, which carry no usage. */
export function isAnthropicMessage(answer: JsonObject): boolean {
  return answer['type'] === 'message' && isObject(answer['usage']);
}

/** Reads a `Message` or `BetaMessage`. An advisor that was asked inside is a call of its own, of another model. */
export function readAnthropicMessage(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const usage = objectOr(answer['usage']);
  const own: AnswerFacts = {
    usage: readAnthropicUsage(usage, notes),
    model: textOr(answer['model']),
    responseId: textOr(answer['id']),
    finishReasons: reasonOf(answer),
    serviceTier: tierOf(usage),
    charges: chargeFor('web_search', readCount(objectOr(usage['server_tool_use'])['web_search_requests'], notes)),
    provider: 'anthropic',
    operation: Operation.Chat,
    reportedCost: readReportedCost(usage),
  };
  const advisors = advisorCallsOf(usage);
  if (advisors.length === 0) return buildFacts(own, notes);
  const sum = sumUsages([own.usage, ...advisors.map((advisor) => advisor.usage)], notes);
  return buildFacts({ ...own, usage: sum, calls: [buildFacts(own, new Notes()), ...advisors] }, notes);
}

/**
 * `Usage`: cached tokens stand beside the input, thinking is inside the output. What compacting the context took is in the
 * iterations only ("A `compaction` entry's tokens are not included in the top-level `usage` fields").
 */
export function readAnthropicUsage(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const own = readCounts(usage, notes);
  const compactions = iterationsOf(usage, 'compaction');
  return compactions.length === 0
    ? own
    : sumUsages([own, ...compactions.map((compaction) => readCounts(compaction, notes))], notes);
}

function readCounts(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const lifetimes = objectOr(usage['cache_creation']);
  return inclusiveUsage(
    {
      input: readCount(usage['input_tokens'], notes),
      output: readCount(usage['output_tokens'], notes),
      cacheRead: readCount(usage['cache_read_input_tokens'], notes),
      cacheWrite: readCount(usage['cache_creation_input_tokens'], notes),
      cacheWrite5m: readCount(lifetimes['ephemeral_5m_input_tokens'], notes),
      cacheWrite1h: readCount(lifetimes['ephemeral_1h_input_tokens'], notes),
      reasoning: readCount(objectOr(usage['output_tokens_details'])['thinking_tokens'], notes),
    },
    notes,
    { cache: 'beside' },
  );
}

function advisorCallsOf(usage: JsonObject): readonly AnswerFacts[] {
  return iterationsOf(usage, 'advisor_message').map((iteration) => {
    const notes = new Notes();
    const facts: AnswerFacts = {
      usage: readCounts(iteration, notes),
      model: textOr(iteration['model']),
      provider: 'anthropic',
      operation: Operation.Chat,
    };
    return buildFacts(facts, notes);
  });
}

function iterationsOf({ iterations }: JsonObject, type: string): readonly JsonObject[] {
  return Array.isArray(iterations)
    ? listOr(iterations)
        .slice(0, ITERATIONS_MAX)
        .filter(isObject)
        .filter((iteration) => iteration['type'] === type)
    : NONE;
}

const NONE: readonly JsonObject[] = [];

/** Fast mode is a price of its own, as a tier is. */
function tierOf({ speed, service_tier: tier }: JsonObject): string | undefined {
  return speed === 'fast' ? 'fast' : textOr(tier);
}

function reasonOf({ stop_reason: reason }: JsonObject): readonly string[] | undefined {
  const text = textOr(reason);
  return text === undefined ? undefined : [text];
}
