import { describe, expect, test } from 'vitest';
import { usageFrom } from '../../src/usage/usage-from.ts';

/** As in the API reference of Responses. */
const RESPONSE = {
  id: 'resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b',
  object: 'response',
  created_at: 1_741_476_542,
  status: 'completed',
  error: null,
  incomplete_details: null,
  model: 'gpt-5.4-2026-03-05',
  output: [
    { type: 'reasoning', id: 'rs_1', summary: [] },
    {
      type: 'message',
      id: 'msg_1',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Once …' }],
    },
  ],
  service_tier: 'default',
  usage: {
    input_tokens: 328,
    input_tokens_details: {
      cached_tokens: 128,
      cache_write_tokens: 64,
      cache_write_tokens_details: { ttl_12h_tokens: 0, ttl_30m_tokens: 64 },
    },
    output_tokens: 52,
    output_tokens_details: { reasoning_tokens: 40 },
    total_tokens: 380,
  },
  user: null,
  metadata: {},
};

describe('an answer of the Responses API', () => {
  test('tells its usage in buckets that are inclusive already', () => {
    expect(usageFrom(RESPONSE)).toEqual({
      usage: { input: 328, output: 52, cacheRead: 128, cacheWrite: 64, reasoning: 40 },
      model: 'gpt-5.4-2026-03-05',
      responseId: 'resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b',
      finishReasons: ['completed'],
      serviceTier: 'default',
      operation: 'chat',
    });
  });

  test('that stopped early says why', () => {
    const answer = { ...RESPONSE, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    expect(usageFrom(answer).finishReasons).toEqual(['max_output_tokens']);
  });

  test('that runs in the background has neither usage nor an end', () => {
    const facts = usageFrom({ ...RESPONSE, status: 'queued', usage: null, output: [] });
    expect(facts).toEqual({
      model: RESPONSE.model,
      responseId: RESPONSE.id,
      serviceTier: 'default',
      operation: 'chat',
    });
  });

  test('is charged for searching, not for opening what was found', () => {
    const output = [
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
      {
        type: 'web_search_call',
        id: 'ws_2',
        status: 'completed',
        action: { type: 'open_page', url: 'https://example.com' },
      },
      { type: 'web_search_call', id: 'ws_3', status: 'completed', action: { type: 'find_in_page', pattern: 'p' } },
      { type: 'web_search_call', id: 'ws_4', status: 'completed' },
      { type: 'file_search_call', id: 'fs_1', status: 'completed', queries: ['q'] },
    ];
    // ws_1, and ws_4 of a time when searching was all there was.
    expect(usageFrom({ ...RESPONSE, output }).charges).toEqual([
      { kind: 'web_search', quantity: 2 },
      { kind: 'storage_search', quantity: 1 },
    ]);
  });

  test('is believed where it counts its searches itself', () => {
    const output = [{ type: 'web_search_call', id: 'ws_1', action: { type: 'search' } }];
    const tool_usage = { web_search: { num_requests: 3 } };
    expect(usageFrom({ ...RESPONSE, output, tool_usage }).charges).toEqual([{ kind: 'web_search', quantity: 3 }]);
  });

  test('with an image inside sums two calls, each of its own model', () => {
    const tool_usage = {
      web_search: { num_requests: 0 },
      image_gen: {
        input_tokens: 50,
        input_tokens_details: { image_tokens: 0, text_tokens: 50 },
        output_tokens: 1056,
        output_tokens_details: { image_tokens: 1056, text_tokens: 0 },
        total_tokens: 1106,
      },
    };
    const facts = usageFrom({ ...RESPONSE, tools: [{ type: 'image_generation', model: 'gpt-image-1.5' }], tool_usage });
    // 328 + 50 in, 52 + 1056 out.
    expect(facts.usage).toMatchObject({ input: 378, output: 1108, outputImage: 1056, reasoning: 40 });
    expect(facts.calls?.map(({ model, usage }) => [model, usage?.input, usage?.output])).toEqual([
      ['gpt-5.4-2026-03-05', 328, 52],
      ['gpt-image-1.5', 50, 1056],
    ]);
  });

  test('without an image has the image’s counts as zeros, and is one call', () => {
    const image_gen = {
      input_tokens: 0,
      output_tokens: 0,
      total_tokens: 0,
      input_tokens_details: { image_tokens: 0, text_tokens: 0 },
    };
    const facts = usageFrom({ ...RESPONSE, tool_usage: { image_gen, web_search: { num_requests: 0 } } });
    expect(facts.calls).toBeUndefined();
    expect(facts.problems).toBeUndefined();
  });
});

describe('other answers of OpenAI', () => {
  test('an image tells text and image tokens', () => {
    const answer = {
      created: 1_713_833_628,
      data: [{ b64_json: '…' }],
      usage: {
        total_tokens: 100,
        input_tokens: 50,
        output_tokens: 50,
        input_tokens_details: { text_tokens: 10, image_tokens: 40 },
        output_tokens_details: { text_tokens: 0, image_tokens: 50 },
      },
    };
    expect(usageFrom(answer).usage).toEqual({ input: 50, output: 50, inputImage: 40, outputImage: 50 });
  });

  test('a transcription tells audio tokens', () => {
    const usage = {
      type: 'tokens',
      input_tokens: 14,
      input_token_details: { text_tokens: 0, audio_tokens: 14 },
      output_tokens: 45,
      total_tokens: 59,
    };
    expect(usageFrom({ text: 'Imagine …', usage }).usage).toEqual({ input: 14, output: 45, inputAudio: 14 });
  });

  test('a realtime response tells which of the cached tokens are audio', () => {
    const event = {
      type: 'response.done',
      response: {
        object: 'realtime.response',
        id: 'resp_1',
        usage: {
          total_tokens: 253,
          input_tokens: 132,
          output_tokens: 121,
          input_token_details: {
            text_tokens: 119,
            audio_tokens: 13,
            image_tokens: 0,
            cached_tokens: 64,
            cached_tokens_details: { text_tokens: 60, audio_tokens: 4, image_tokens: 0 },
          },
          output_token_details: { text_tokens: 30, audio_tokens: 91 },
        },
      },
    };
    expect(usageFrom(event)).toMatchObject({
      usage: { input: 132, output: 121, cacheRead: 64, inputAudio: 13, cacheReadAudio: 4, outputAudio: 91 },
      responseId: 'resp_1',
    });
  });
});
