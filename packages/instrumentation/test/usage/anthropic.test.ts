import { describe, expect, test } from 'vitest';
import { usageFrom } from '../../src/usage/usage-from.ts';

/** `Message` of @anthropic-ai/sdk 1.12. */
const MESSAGE = {
  id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: 'Hi! My name is Claude.', citations: null }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 2095,
    cache_creation: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 51 },
    cache_creation_input_tokens: 2051,
    cache_read_input_tokens: 1500,
    output_tokens: 503,
    output_tokens_details: { thinking_tokens: 300 },
    server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
    service_tier: 'standard',
    speed: null,
    inference_geo: null,
  },
};

describe('a message of Anthropic', () => {
  test('counts cached tokens beside the input, thinking inside the output', () => {
    expect(usageFrom(MESSAGE)).toEqual({
      // 2095 + 2051 + 1500 = 5646.
      usage: {
        input: 5646,
        output: 503,
        cacheRead: 1500,
        cacheWrite: 2051,
        cacheWrite5m: 2000,
        cacheWrite1h: 51,
        reasoning: 300,
      },
      model: 'claude-sonnet-4-5-20250929',
      responseId: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
      finishReasons: ['end_turn'],
      serviceTier: 'standard',
      charges: [{ kind: 'web_search', quantity: 2 }],
      provider: 'anthropic',
      operation: 'chat',
    });
  });

  test('with nulls for what it did not use leaves it out', () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 5,
      cache_creation: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      server_tool_use: null,
      service_tier: null,
    };
    const facts = usageFrom({ ...MESSAGE, usage });
    expect(facts.usage).toEqual({ input: 10, output: 5 });
    expect(Object.keys(facts.usage ?? {})).toEqual(['input', 'output']);
    expect(facts).not.toHaveProperty('charges');
    expect(facts).not.toHaveProperty('serviceTier');
  });

  test('that tells cache writes by their lifetimes alone wrote their sum', () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 5,
      cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 },
    };
    expect(usageFrom({ ...MESSAGE, usage }).usage).toEqual({
      input: 20,
      output: 5,
      cacheWrite: 10,
      cacheWrite5m: 4,
      cacheWrite1h: 6,
    });
  });

  test('in fast mode is of that tier, which has a price of its own', () => {
    expect(usageFrom({ ...MESSAGE, usage: { ...MESSAGE.usage, speed: 'fast' } }).serviceTier).toBe('fast');
  });

  test('that compacted its context spent what only its iterations tell', () => {
    const usage = {
      input_tokens: 100,
      output_tokens: 20,
      iterations: [
        {
          type: 'compaction',
          input_tokens: 5000,
          output_tokens: 400,
          cache_read_input_tokens: 0,
          cache_creation_input_tokens: 0,
        },
        {
          type: 'message',
          input_tokens: 100,
          output_tokens: 20,
          cache_read_input_tokens: 0,
          cache_creation_input_tokens: 0,
        },
      ],
    };
    // 100 + 5000 in, 20 + 400 out; the message's iteration is in the whole already.
    expect(usageFrom({ ...MESSAGE, usage }).usage).toMatchObject({ input: 5100, output: 420 });
  });

  test('that asked an advisor sums two calls, each of its own model', () => {
    const usage = {
      input_tokens: 100,
      output_tokens: 20,
      iterations: [
        { type: 'message', model: 'claude-sonnet-4-5', input_tokens: 100, output_tokens: 20 },
        {
          type: 'advisor_message',
          model: 'claude-opus-5',
          input_tokens: 800,
          cache_read_input_tokens: 200,
          output_tokens: 60,
        },
      ],
    };
    const facts = usageFrom({ ...MESSAGE, model: 'claude-sonnet-4-5', usage });
    // 100 + 800 + 200 in, 20 + 60 out.
    expect(facts.usage).toEqual({ input: 1100, output: 80, cacheRead: 200 });
    expect(facts.calls?.map(({ model, usage: own }) => [model, own])).toEqual([
      ['claude-sonnet-4-5', { input: 100, output: 20 }],
      ['claude-opus-5', { input: 1000, output: 60, cacheRead: 200 }],
    ]);
  });

  test('is not mistaken for an output item of OpenAI', () => {
    expect(usageFrom({ type: 'message', id: 'msg_1', role: 'assistant', content: [] })).toEqual({});
  });
});
