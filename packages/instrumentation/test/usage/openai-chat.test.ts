import { describe, expect, test } from 'vitest';
import { usageFrom } from '../../src/usage/usage-from.ts';

/** As in the API reference of Chat Completions. */
const COMPLETION = {
  id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
  object: 'chat.completion',
  created: 1_741_569_952,
  model: 'gpt-5.4',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello! How can I assist you today?', refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 119,
    completion_tokens: 110,
    total_tokens: 229,
    prompt_tokens_details: { cached_tokens: 64, audio_tokens: 7, image_tokens: 3, cache_write_tokens: 5 },
    completion_tokens_details: {
      reasoning_tokens: 90,
      audio_tokens: 4,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  },
  service_tier: 'priority',
  system_fingerprint: 'fp_1',
};

describe('an answer of chat completions', () => {
  test('tells its usage in buckets that are inclusive already', () => {
    expect(usageFrom(COMPLETION)).toEqual({
      usage: {
        input: 119,
        output: 110,
        cacheRead: 64,
        cacheWrite: 5,
        reasoning: 90,
        inputAudio: 7,
        inputImage: 3,
        outputAudio: 4,
      },
      model: 'gpt-5.4',
      responseId: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
      finishReasons: ['stop'],
      serviceTier: 'priority',
      operation: 'chat',
    });
  });

  test('leaves out what it does not tell', () => {
    const facts = usageFrom({
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 1 },
      service_tier: null,
      id: '',
    });
    expect(Object.keys(facts)).toEqual(['usage', 'operation']);
    expect(Object.keys(facts.usage ?? {})).toEqual(['input', 'output']);
  });

  test('tells why each of its choices ended', () => {
    const choices = [{ finish_reason: 'stop' }, { finish_reason: 'length' }, { finish_reason: null }];
    expect(usageFrom({ choices }).finishReasons).toEqual(['stop', 'length']);
  });

  test('is a text completion by its own word', () => {
    const answer = {
      object: 'text_completion',
      choices: [{ text: 'x' }],
      usage: { prompt_tokens: 5, completion_tokens: 7 },
    };
    expect(usageFrom(answer)).toEqual({ usage: { input: 5, output: 7 }, operation: 'text_completion' });
  });

  test('of the Mistral SDK has the same in camel case', () => {
    const answer = {
      id: 'm-1',
      model: 'mistral-large-latest',
      choices: [{ index: 0, finishReason: 'stop', message: {} }],
      usage: { promptTokens: 16, completionTokens: 34, totalTokens: 50 },
    };
    expect(usageFrom(answer)).toMatchObject({
      usage: { input: 16, output: 34 },
      model: 'mistral-large-latest',
      finishReasons: ['stop'],
    });
  });
});

describe('an answer of a compatible API', () => {
  const usageOf = (usage: object, model = 'some-model') => usageFrom({ model, choices: [], usage });

  test('of DeepSeek names the cached part beside the prompt, and the prompt holds it', () => {
    // 128 = 64 hit + 64 missed.
    const usage = {
      prompt_tokens: 128,
      completion_tokens: 10,
      total_tokens: 138,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 64,
    };
    expect(usageOf(usage).usage).toEqual({ input: 128, output: 10, cacheRead: 64 });
  });

  test('of Moonshot names it without details', () => {
    expect(usageOf({ prompt_tokens: 50, completion_tokens: 5, total_tokens: 55, cached_tokens: 30 }).usage).toEqual({
      input: 50,
      output: 5,
      cacheRead: 30,
    });
  });

  test('of xAI counts reasoning beside the completion, which its total tells', () => {
    // 32 + 9 + 310 = 351, so 9 + 310 = 319 were generated.
    const usage = {
      prompt_tokens: 32,
      completion_tokens: 9,
      total_tokens: 351,
      prompt_tokens_details: { cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 310 },
      cost_in_usd_ticks: 15_875_000,
    };
    // 15 875 000 ticks of 1e-10 USD are 1 587 500 nano-USD.
    expect(usageOf(usage, 'grok-4')).toMatchObject({
      usage: { input: 32, output: 319, reasoning: 310, cacheRead: 8 },
      reportedCost: { nanoUsd: 1_587_500, source: 'provider' },
    });
  });

  test('of xAI is not mistaken where cached and reasoning tokens are as many', () => {
    // 100 + 50 + 30 = 180: the reasoning is beside; the 30 cached ones are inside.
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 180,
      prompt_tokens_details: { cached_tokens: 30 },
      completion_tokens_details: { reasoning_tokens: 30 },
    };
    expect(usageOf(usage, 'grok-4').usage).toEqual({ input: 100, output: 80, cacheRead: 30, reasoning: 30 });
  });

  test('of Gemini has thoughts that only the total holds', () => {
    // 675 - 511 - 146 = 18 thoughts; 146 + 18 = 164 generated.
    const usage = { prompt_tokens: 511, completion_tokens: 146, total_tokens: 675 };
    expect(usageOf(usage, 'gemini-2.5-pro').usage).toEqual({ input: 511, output: 164, reasoning: 18 });
    expect(usageOf(usage, 'some-model').usage).toEqual({ input: 511, output: 146 });
  });

  test('of Gemini has no thoughts where the cached part is what the total holds more', () => {
    // 100 + 50 + 40 = 190: the 40 cached tokens are beside the 100.
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 190,
      prompt_tokens_details: { cached_tokens: 40 },
    };
    expect(usageOf(usage, 'gemini-2.5-pro')).toMatchObject({
      usage: { input: 140, output: 50, cacheRead: 40 },
      problems: ['cache_beside_input'],
    });
  });

  test('of OpenRouter tells what it bills, except for a key of one’s own', () => {
    const usage = { prompt_tokens: 194, completion_tokens: 2, total_tokens: 196, cost: 0.000_95 };
    expect(usageOf(usage).reportedCost).toEqual({ nanoUsd: 950_000, source: 'gateway' });
    expect(usageOf({ ...usage, is_byok: true }).reportedCost).toBeUndefined();
  });

  test('of Perplexity counts citations and reasoning beside the completion', () => {
    // 7163 + 20016 + 95305 = 122484 generated; the cost is in USD.
    const usage = {
      prompt_tokens: 33,
      completion_tokens: 7163,
      total_tokens: 7196,
      citation_tokens: 20_016,
      num_search_queries: 28,
      reasoning_tokens: 95_305,
      cost: { total_cost: 0.5 },
    };
    expect(usageOf(usage, 'sonar-deep-research')).toMatchObject({
      usage: { input: 33, output: 122_484, reasoning: 95_305, outputCitation: 20_016 },
      reportedCost: { nanoUsd: 500_000_000, source: 'provider' },
    });
  });

  test('of LiteLLM has Anthropic’s names beside OpenAI’s, and the prompt holds everything', () => {
    const usage = {
      prompt_tokens: 150,
      completion_tokens: 10,
      total_tokens: 160,
      cache_creation_input_tokens: 20,
      cache_read_input_tokens: 30,
      prompt_tokens_details: {
        cached_tokens: 30,
        cache_creation_tokens: 20,
        cache_creation_token_details: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 15 },
      },
    };
    expect(usageOf(usage).usage).toEqual({
      input: 150,
      output: 10,
      cacheRead: 30,
      cacheWrite: 20,
      cacheWrite5m: 5,
      cacheWrite1h: 15,
    });
  });

  test('of a gateway that counts the cached part beside the prompt is set right and says so', () => {
    // 40 cached cannot be in 10: 10 + 40 = 50.
    const facts = usageOf({ prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 40 } });
    expect(facts.usage).toEqual({ input: 50, output: 5, cacheRead: 40 });
    expect(facts.problems).toEqual(['cache_beside_input']);
  });

  test('of Groq has the usage of a stream under a name of its own', () => {
    const chunk = {
      object: 'chat.completion.chunk',
      choices: [{ delta: {}, finish_reason: 'stop' }],
      x_groq: { id: 'req_1', usage: { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23 } },
    };
    expect(usageFrom(chunk)).toMatchObject({ usage: { input: 20, output: 3 }, provider: 'groq' });
  });
});

describe('an answer of embeddings', () => {
  test('has an input and no output, which is not none of it', () => {
    const answer = {
      object: 'list',
      data: [{ object: 'embedding', embedding: [0.0023, -0.0093], index: 0 }],
      model: 'text-embedding-3-small',
      usage: { prompt_tokens: 8, total_tokens: 8 },
    };
    expect(usageFrom(answer)).toEqual({
      usage: { input: 8 },
      model: 'text-embedding-3-small',
      operation: 'embeddings',
    });
    expect(Object.keys(usageFrom(answer).usage ?? {})).toEqual(['input']);
  });

  test('of Voyage calls its input the total', () => {
    const answer = { object: 'list', data: [], model: 'voyage-3', usage: { total_tokens: 10 } };
    expect(usageFrom(answer).usage).toEqual({ input: 10 });
  });

  test('is no list of models', () => {
    expect(usageFrom({ object: 'list', data: [{ id: 'gpt-5', object: 'model' }] })).toEqual({});
  });
});
