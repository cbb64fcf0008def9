import type { TokenUsage } from '@turnmeter/pricing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnswerFacts } from '../../src/usage/answer-facts.ts';
import { createStreamReader, StreamKind } from '../../src/usage/stream-reader.ts';
import { usageFrom } from '../../src/usage/usage-from.ts';

/** Every name a reader looks for, so that random objects have them now and then. */
const NAMES = [
  'usage', 'usageMetadata', 'usage_metadata', 'response_metadata', 'totalUsage', 'steps', 'choices', 'candidates', 'generations', 'rawResponses',
  'object', 'type', 'response', 'data', 'raw', 'message', 'meta', 'stopReason', 'providerMetadata', 'providerData', 'tool_usage', 'image_gen',
  'prompt_tokens', 'completion_tokens', 'total_tokens', 'prompt_tokens_details', 'completion_tokens_details', 'input_tokens', 'output_tokens',
  'input_tokens_details', 'output_tokens_details', 'input_token_details', 'cached_tokens', 'cache_write_tokens', 'reasoning_tokens', 'audio_tokens',
  'image_tokens', 'citation_tokens', 'cache_creation', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'ephemeral_5m_input_tokens',
  'ephemeral_1h_input_tokens', 'iterations', 'promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount', 'toolUsePromptTokenCount',
  'cachedContentTokenCount', 'totalTokenCount', 'promptTokensDetails', 'modality', 'tokenCount', 'inputTokens', 'outputTokens', 'inputTokenDetails',
  'inputTokensDetails', 'total', 'cacheRead', 'cacheWrite', 'reasoning', 'cache_read', 'cacheReadInputTokens', 'billed_units', 'tokens',
  'prompt_eval_count', 'eval_count', 'total_input_tokens', 'total_output_tokens', 'total_thought_tokens', 'event', 'delta', 'index', 'finish_reason',
] as const; // prettier-ignore
const WORDS = [
  'response',
  'message',
  'list',
  'compaction',
  'advisor_message',
  'message_start',
  'message_delta',
  'response.completed',
  'AUDIO',
  'IMAGE',
  'stop',
];

const { value: anyAnswer } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.nat({ max: 1000 }),
      fc.constantFrom<unknown>(-1, 1.5, Number.NaN, 4_294_967_295, 2 ** 40, '12', 'x', '', null, undefined, true, 7n),
      fc.constantFrom(...WORDS),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 8, noNullPrototype: false }),
  ),
}));

/** Whole numbers a row can hold, each part inside its whole. */
function hasSoundUsage({ usage, problems = [], calls = [] }: AnswerFacts): boolean {
  const counts = Object.values(usage ?? {}) as unknown[];
  const areCounts = counts.every(
    (count) => Number.isInteger(count) && Number(count) >= 0 && Number(count) <= 4_294_967_295,
  );
  const saysSo = problems.includes('part_exceeds_whole') || problems.includes('absurd_tokens');
  return areCounts && (usage === undefined || saysSo || areInside(usage)) && calls.every(hasSoundUsage);
}

function areInside(usage: TokenUsage): boolean {
  const { input = Infinity, output = Infinity, cacheRead = 0, cacheWrite = 0, reasoning = 0 } = usage;
  const { inputAudio = 0, inputImage = 0, inputVideo = 0, outputAudio = 0, outputImage = 0, outputVideo = 0 } = usage;
  return (
    cacheRead + cacheWrite <= input &&
    (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0) <= cacheWrite &&
    reasoning <= output &&
    inputAudio + inputImage + inputVideo <= input &&
    outputAudio + outputImage + outputVideo + (usage.outputCitation ?? 0) <= output
  );
}

test('any value is read without an error, into parts inside their wholes or a problem that says otherwise', () => {
  fc.assert(
    fc.property(fc.oneof(anyAnswer, fc.anything()), (value) => {
      expect(usageFrom(value)).toSatisfy(hasSoundUsage);
    }),
    { numRuns: 3000 },
  );
});

test('any JSON is read the same before and after it was text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(usageFrom(JSON.parse(JSON.stringify(value)))).toEqual(usageFrom(value));
    }),
  );
});

test.each(Object.values(StreamKind))('any chunks of %s are read without an error', (kind) => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyAnswer, fc.anything()), { maxLength: 8 }), (chunks) => {
      const reader = createStreamReader(kind);
      for (const chunk of chunks) {
        reader.push(chunk);
        expect(reader.facts()).toSatisfy(hasSoundUsage);
      }
    }),
    { numRuns: 500 },
  );
});
