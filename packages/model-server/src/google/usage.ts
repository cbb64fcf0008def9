import type { Answer } from '../answer.ts';
import type { JsonObject } from '../json.ts';

/**
 * `usageMetadata`: the prompt without what Gemini's own tools brought in, candidates without thoughts. Counts of nothing are
 * left out, as the API does.
 */
export function usageMetadata({ usage, toolInput }: Answer, share: number = 1): JsonObject {
  const prompt = usage.input - toolInput;
  const thoughts = usage.reasoning;
  const candidates = Math.round((usage.output - thoughts) * share);
  return {
    promptTokenCount: prompt,
    ...(usage.cacheRead > 0
      ? { cachedContentTokenCount: usage.cacheRead, cacheTokensDetails: [textTokens(usage.cacheRead)] }
      : {}),
    ...(candidates > 0 ? { candidatesTokenCount: candidates, candidatesTokensDetails: [textTokens(candidates)] } : {}),
    ...(toolInput > 0
      ? { toolUsePromptTokenCount: toolInput, toolUsePromptTokensDetails: [textTokens(toolInput)] }
      : {}),
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
    totalTokenCount: prompt + toolInput + candidates + thoughts,
    promptTokensDetails: [textTokens(prompt)],
  };
}

function textTokens(tokenCount: number): JsonObject {
  return { modality: 'TEXT', tokenCount };
}
