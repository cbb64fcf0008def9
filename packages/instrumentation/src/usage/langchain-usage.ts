import type { TokenUsage } from '@turnmeter/pricing';
import { inclusiveUsage } from './inclusive-usage.ts';
import { type JsonObject, objectOr } from './json-object.ts';
import type { Notes } from './notes.ts';
import { readCount } from './read-count.ts';

/** Gemini's thoughts and Grok's are in the total only, by some versions of the integrations. */
const COUNTS_THOUGHTS_BESIDE = /gemini|grok/i;

/** `UsageMetadata`: "Sum of all input token types", with what is known of them in the details. */
export function readLangChainUsage(usage: JsonObject, notes: Notes, model?: string): TokenUsage | undefined {
  const input = objectOr(usage['input_token_details']);
  const output = objectOr(usage['output_token_details']);
  return inclusiveUsage(
    {
      input: readCount(usage['input_tokens'], notes),
      output: readCount(usage['output_tokens'], notes),
      total: readCount(usage['total_tokens'], notes),
      cacheRead: readCount(input['cache_read'], notes),
      cacheWrite: readCount(input['cache_creation'], notes),
      cacheWrite5m: readCount(input['ephemeral_5m_input_tokens'], notes),
      cacheWrite1h: readCount(input['ephemeral_1h_input_tokens'], notes),
      reasoning: readCount(output['reasoning'], notes),
      inputAudio: readCount(input['audio'], notes),
      inputImage: readCount(input['image'], notes),
      inputVideo: readCount(input['video'], notes),
      outputAudio: readCount(output['audio'], notes),
      outputImage: readCount(output['image'], notes),
      outputVideo: readCount(output['video'], notes),
    },
    notes,
    { hasHiddenThoughts: model !== undefined && COUNTS_THOUGHTS_BESIDE.test(model) },
  );
}
