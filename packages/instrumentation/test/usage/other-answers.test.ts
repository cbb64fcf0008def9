import { describe, expect, test } from 'vitest';
import { usageFrom } from '../../src/usage/usage-from.ts';

describe('an answer of Bedrock’s Converse', () => {
  test('counts cached tokens beside the input', () => {
    const answer = {
      $metadata: { httpStatusCode: 200, requestId: 'b6a7' },
      output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
      stopReason: 'end_turn',
      usage: {
        inputTokens: 60,
        outputTokens: 20,
        totalTokens: 120,
        cacheReadInputTokens: 30,
        cacheWriteInputTokens: 10,
        cacheDetails: [
          { ttl: '5m', inputTokens: 4 },
          { ttl: '1h', inputTokens: 6 },
        ],
      },
      metrics: { latencyMs: 551 },
      serviceTier: { type: 'flex' },
    };
    expect(usageFrom(answer)).toEqual({
      // 60 + 30 + 10 = 100.
      usage: { input: 100, output: 20, cacheRead: 30, cacheWrite: 10, cacheWrite5m: 4, cacheWrite1h: 6 },
      responseId: 'b6a7',
      finishReasons: ['end_turn'],
      serviceTier: 'flex',
      provider: 'aws.bedrock',
      operation: 'chat',
    });
  });
});

describe('an answer of Cohere', () => {
  test('tells what is billed, not what the template added', () => {
    const answer = {
      id: 'c14c80c3',
      finish_reason: 'COMPLETE',
      message: { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
      usage: {
        billed_units: { input_tokens: 5, output_tokens: 418 },
        tokens: { input_tokens: 71, output_tokens: 418 },
      },
    };
    expect(usageFrom(answer)).toEqual({
      usage: { input: 5, output: 418 },
      responseId: 'c14c80c3',
      finishReasons: ['COMPLETE'],
      provider: 'cohere',
      operation: 'chat',
    });
  });

  test('to rerank is charged by the search', () => {
    const answer = {
      id: '07734bd2',
      results: [{ index: 3, relevance_score: 0.9 }],
      meta: { billed_units: { search_units: 1 } },
    };
    expect(usageFrom(answer)).toEqual({
      responseId: '07734bd2',
      charges: [{ kind: 'rerank_search', quantity: 1 }],
      provider: 'cohere',
    });
  });
});

test('an answer of Ollama counts what it evaluated', () => {
  const answer = {
    model: 'llama3.2',
    created_at: '2023-08-04T19:22:45.499127Z',
    message: { role: 'assistant', content: 'Hello' },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: 26,
    eval_count: 282,
  };
  expect(usageFrom(answer)).toEqual({
    usage: { input: 26, output: 282 },
    model: 'llama3.2',
    finishReasons: ['stop'],
    provider: 'ollama',
    operation: 'chat',
  });
});

describe('an answer of the OpenAI Agents SDK', () => {
  const response = (id: string, input_tokens: number) => ({
    usage: {
      requests: 1,
      inputTokens: 1,
      outputTokens: 1,
      totalTokens: 2,
      inputTokensDetails: [],
      outputTokensDetails: [],
    },
    output: [],
    responseId: id,
    providerData: {
      object: 'response',
      id,
      model: 'gpt-5',
      status: 'completed',
      output: [],
      usage: { input_tokens, output_tokens: 5, total_tokens: input_tokens + 5 },
    },
  });

  test('is what the provider said, where the SDK kept it', () => {
    expect(usageFrom(response('resp_1', 10))).toMatchObject({
      usage: { input: 10, output: 5 },
      model: 'gpt-5',
      responseId: 'resp_1',
    });
  });

  test('of a run is the sum of the calls in it', () => {
    const facts = usageFrom({ rawResponses: [response('resp_1', 10), response('resp_2', 30)], newItems: [] });
    expect(facts).toMatchObject({ usage: { input: 40, output: 10 }, responseId: 'resp_2' });
    expect(facts.calls?.map(({ responseId }) => responseId)).toEqual(['resp_1', 'resp_2']);
  });

  test('of another provider’s model is the SDK’s sum of its requests', () => {
    const usage = {
      requests: 2,
      inputTokens: 100,
      outputTokens: 20,
      totalTokens: 120,
      inputTokensDetails: [{ cached_tokens: 10 }, { cached_tokens: 30 }],
      outputTokensDetails: [{ reasoning_tokens: 8 }],
    };
    expect(usageFrom({ usage, output: [], responseId: 'r' }).usage).toEqual({
      input: 100,
      output: 20,
      cacheRead: 40,
      reasoning: 8,
    });
  });
});
