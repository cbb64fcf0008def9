import { GenerateContentResponse } from '@google/genai';
import { describe, expect, test } from 'vitest';
import { usageFrom } from '../../src/usage/usage-from.ts';

/** `GenerateContentResponse` of the REST API. */
const ANSWER = {
  candidates: [{ content: { parts: [{ text: '…' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
  usageMetadata: {
    promptTokenCount: 264,
    cachedContentTokenCount: 120,
    candidatesTokenCount: 40,
    thoughtsTokenCount: 151,
    toolUsePromptTokenCount: 36,
    totalTokenCount: 491,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 6 },
      { modality: 'IMAGE', tokenCount: 258 },
    ],
    cacheTokensDetails: [{ modality: 'IMAGE', tokenCount: 100 }],
    candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 12 }],
    toolUsePromptTokensDetails: [{ modality: 'VIDEO', tokenCount: 30 }],
    trafficType: 'ON_DEMAND_PRIORITY',
  },
  modelVersion: 'gemini-3-pro-preview',
  responseId: 'hVrvaKmQFN-5xN8PhKCs8QE',
};

describe('an answer of Gemini', () => {
  test('counts thoughts beside the candidates and tool results beside the prompt', () => {
    expect(usageFrom(ANSWER)).toEqual({
      // 264 + 36 = 300 in, 40 + 151 = 191 out, together the total of 491.
      usage: {
        input: 300,
        output: 191,
        cacheRead: 120,
        reasoning: 151,
        inputImage: 258,
        cacheReadImage: 100,
        inputVideo: 30,
        outputAudio: 12,
      },
      model: 'gemini-3-pro-preview',
      responseId: 'hVrvaKmQFN-5xN8PhKCs8QE',
      finishReasons: ['STOP'],
      serviceTier: 'ON_DEMAND_PRIORITY',
      provider: 'gcp.gen_ai',
      operation: 'generate_content',
    });
  });

  test('is read from the object of its SDK, whose getters are left alone', () => {
    const answer = Object.assign(new GenerateContentResponse(), ANSWER);
    expect(usageFrom(answer)).toEqual(usageFrom(ANSWER));
  });

  test('that was blocked generated nothing, as its total tells', () => {
    const usageMetadata = { promptTokenCount: 9, totalTokenCount: 9 };
    const facts = usageFrom({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata });
    expect(facts.usage).toEqual({ input: 9, output: 0 });
  });

  test('that ran out of tokens while it thought spent them', () => {
    const usageMetadata = { promptTokenCount: 9, thoughtsTokenCount: 100, totalTokenCount: 109 };
    expect(usageFrom({ candidates: [{ finishReason: 'MAX_TOKENS' }], usageMetadata }).usage).toEqual({
      input: 9,
      output: 100,
      reasoning: 100,
    });
  });

  test('is charged for each query since Gemini 3, and once before', () => {
    const candidates = [
      { finishReason: 'STOP', groundingMetadata: { webSearchQueries: ['euro 2024 winner', 'euro 2024 final', ''] } },
    ];
    const charges = (modelVersion: string) => usageFrom({ ...ANSWER, candidates, modelVersion }).charges;
    // The empty query is not billed.
    expect(charges('gemini-3-pro-preview')).toEqual([{ kind: 'web_search', quantity: 2 }]);
    expect(charges('gemini-2.5-flash')).toEqual([{ kind: 'web_search', quantity: 1 }]);
    expect(usageFrom(ANSWER).charges).toBeUndefined();
  });

  test('of the older SDK stands in a `response`', () => {
    expect(usageFrom({ response: ANSWER })).toEqual(usageFrom(ANSWER));
  });

  test('of embeddings has an input', () => {
    const facts = usageFrom({
      embeddings: [{ values: [0.1] }],
      usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 },
    });
    expect(facts).toMatchObject({ usage: { input: 7 }, operation: 'embeddings' });
  });
});

describe('an interaction of Gemini', () => {
  test('has the same tokens under other names', () => {
    const interaction = {
      id: 'v1_abc',
      object: 'interaction',
      model: 'gemini-3-flash-preview',
      status: 'completed',
      steps: [],
      usage: {
        total_input_tokens: 20,
        total_cached_tokens: 8,
        total_output_tokens: 30,
        total_thought_tokens: 12,
        total_tool_use_tokens: 5,
        total_tokens: 67,
        input_tokens_by_modality: [{ modality: 'audio', tokens: 4 }],
        grounding_tool_count: [{ type: 'google_search', count: 2 }],
      },
    };
    // 20 + 5 = 25 in, 30 + 12 = 42 out, together the total of 67.
    expect(usageFrom(interaction)).toEqual({
      usage: { input: 25, output: 42, cacheRead: 8, reasoning: 12, inputAudio: 4 },
      model: 'gemini-3-flash-preview',
      responseId: 'v1_abc',
      finishReasons: ['completed'],
      charges: [{ kind: 'web_search', quantity: 2 }],
      provider: 'gcp.gen_ai',
      operation: 'generate_content',
    });
  });
});
