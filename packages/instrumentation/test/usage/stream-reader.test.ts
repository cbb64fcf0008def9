import { describe, expect, test } from 'vitest';
import { createStreamReader, StreamKind } from '../../src/usage/stream-reader.ts';

function read(kind: StreamKind, chunks: readonly unknown[]) {
  const reader = createStreamReader(kind);
  for (const chunk of chunks) reader.push(chunk);
  return reader;
}

describe('a stream of chat completions', () => {
  const chunk = (more: object) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'gpt-5',
    usage: null,
    ...more,
  });
  const CHUNKS = [
    chunk({
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      service_tier: 'flex',
    }),
    chunk({ choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }] }),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  ];
  const USAGE = chunk({
    choices: [],
    usage: {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      completion_tokens_details: { reasoning_tokens: 8 },
    },
  });

  test('tells its usage in a last chunk of its own', () => {
    expect(read('openai-chat', [...CHUNKS, USAGE]).facts()).toEqual({
      usage: { input: 100, output: 20, reasoning: 8 },
      model: 'gpt-5',
      responseId: 'chatcmpl-1',
      finishReasons: ['stop'],
      serviceTier: 'flex',
      operation: 'chat',
    });
  });

  test('that was not asked for usage has none, and is complete all the same', () => {
    const reader = read('openai-chat', CHUNKS);
    expect(reader.facts().usage).toBeUndefined();
    expect(reader.isComplete).toBe(true);
  });

  test('that counts on every chunk is not summed: the last one counts', () => {
    const counted = CHUNKS.map((each, sent) => ({
      ...each,
      usage: { prompt_tokens: 100, completion_tokens: sent, total_tokens: 100 + sent },
    }));
    expect(read('openai-chat', counted).facts().usage).toEqual({ input: 100, output: 2 });
  });

  test('of several choices is complete when each has ended', () => {
    const reader = createStreamReader(StreamKind.OpenAiChat);
    expect(reader.isComplete).toBe(false);
    reader.push(chunk({ choices: [{ index: 1, delta: {}, finish_reason: null }] }));
    reader.push(chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }));
    expect(reader.isComplete).toBe(false);
    reader.push(chunk({ choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] }));
    expect(reader.isComplete).toBe(true);
    expect(reader.facts().finishReasons).toEqual(['length', 'stop']);
  });

  test('that goes on after a choice ended does not forget why it did', () => {
    const late = chunk({ choices: [{ index: 0, delta: {}, finish_reason: null }] });
    const reader = read('openai-chat', [...CHUNKS, late]);
    expect(reader.facts().finishReasons).toEqual(['stop']);
    expect(reader.isComplete).toBe(true);
  });

  test('of Azure begins with a chunk whose names are empty', () => {
    const first = { id: '', object: '', model: '', choices: [], prompt_filter_results: [] };
    expect(read('openai-chat', [first, ...CHUNKS]).facts()).toMatchObject({ model: 'gpt-5', responseId: 'chatcmpl-1' });
  });

  test('of Groq has the usage in the chunk that ends it', () => {
    const last = chunk({
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      x_groq: { id: 'req_1', usage: { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23 } },
    });
    expect(read('openai-chat', [last]).facts()).toMatchObject({ usage: { input: 20, output: 3 }, provider: 'groq' });
  });
});

describe('a stream of responses', () => {
  const response = (more: object) => ({
    id: 'resp_1',
    object: 'response',
    model: 'gpt-5',
    status: 'in_progress',
    usage: null,
    ...more,
  });
  const usage = { input_tokens: 100, output_tokens: 20, total_tokens: 120 };

  test.each([
    ['response.completed', response({ status: 'completed', usage }), 'completed'],
    [
      'response.incomplete',
      response({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, usage }),
      'max_output_tokens',
    ],
    ['response.failed', response({ status: 'failed', usage }), 'failed'],
  ])('ends with %s, which has everything', (type, whole, reason) => {
    const reader = read('openai-responses', [
      { type: 'response.created', response: response({}) },
      { type: 'response.output_text.delta', delta: 'Hello' },
      { type, response: whole },
    ]);
    expect(reader.isComplete).toBe(true);
    expect(reader.facts()).toMatchObject({
      usage: { input: 100, output: 20 },
      finishReasons: [reason],
      responseId: 'resp_1',
    });
  });

  test('that breaks off tells model and id', () => {
    const reader = read('openai-responses', [
      { type: 'response.created', response: response({}) },
      { type: 'error', message: 'x' },
    ]);
    expect(reader.isComplete).toBe(false);
    expect(reader.facts()).toEqual({ model: 'gpt-5', responseId: 'resp_1', operation: 'chat' });
  });
});

describe('a stream of Anthropic', () => {
  const START = {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      model: 'claude-sonnet-4-5',
      content: [],
      stop_reason: null,
      usage: {
        input_tokens: 60,
        cache_read_input_tokens: 30,
        cache_creation_input_tokens: 10,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 },
        output_tokens: 1,
        service_tier: 'standard',
      },
    },
  };

  test('adds to what its start counted what its deltas replace', () => {
    const reader = read('anthropic', [
      START,
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20, input_tokens: null } },
      { type: 'message_stop' },
    ]);
    expect(reader.isComplete).toBe(true);
    expect(reader.facts()).toEqual({
      // 60 + 30 + 10 = 100; the 20 hold the 1 of the start.
      usage: { input: 100, output: 20, cacheRead: 30, cacheWrite: 10, cacheWrite5m: 4, cacheWrite1h: 6 },
      model: 'claude-sonnet-4-5',
      responseId: 'msg_1',
      finishReasons: ['end_turn'],
      serviceTier: 'standard',
      provider: 'anthropic',
      operation: 'chat',
    });
  });

  test('whose tools ran on the server counts the input anew', () => {
    const usage = {
      input_tokens: 7000,
      cache_read_input_tokens: 30,
      cache_creation_input_tokens: 10,
      output_tokens: 510,
      server_tool_use: { web_search_requests: 1 },
    };
    const facts = read('anthropic', [
      START,
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
    ]).facts();
    // 7000 + 30 + 10 = 7040.
    expect(facts).toMatchObject({
      usage: { input: 7040, output: 510 },
      charges: [{ kind: 'web_search', quantity: 1 }],
    });
  });

  test('that breaks off has spent its prompt', () => {
    const reader = read('anthropic', [START, { type: 'error', error: { type: 'overloaded_error' } }]);
    expect(reader.isComplete).toBe(false);
    expect(reader.facts().usage).toMatchObject({ input: 100, output: 1 });
  });
});

describe('a stream of Gemini', () => {
  const chunk = (more: object) => ({ modelVersion: 'gemini-3-flash', responseId: 'r-1', ...more });

  test('counts up: the last chunk counts, field by field', () => {
    const reader = read('gemini', [
      chunk({
        candidates: [{ index: 0, content: {} }],
        usageMetadata: { promptTokenCount: 9, thoughtsTokenCount: 40, totalTokenCount: 49 },
      }),
      chunk({ usageMetadata: { trafficType: 'ON_DEMAND' } }),
      chunk({
        candidates: [{ index: 0, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 12, thoughtsTokenCount: 60, totalTokenCount: 81 },
      }),
    ]);
    expect(reader.isComplete).toBe(true);
    expect(reader.facts()).toEqual({
      // 12 + 60 = 72.
      usage: { input: 9, output: 72, reasoning: 60 },
      model: 'gemini-3-flash',
      responseId: 'r-1',
      finishReasons: ['STOP'],
      serviceTier: 'ON_DEMAND',
      provider: 'gcp.gen_ai',
      operation: 'generate_content',
    });
  });

  test('that goes on after a candidate ended does not forget why it did', () => {
    const reader = read('gemini', [
      chunk({ candidates: [{ finishReason: 'STOP' }] }),
      chunk({ candidates: [{ content: {} }] }),
    ]);
    expect(reader.facts().finishReasons).toEqual(['STOP']);
  });

  test('is charged once for a query that several chunks repeat', () => {
    const grounded = (webSearchQueries: string[]) =>
      chunk({ candidates: [{ index: 0, groundingMetadata: { webSearchQueries } }] });
    expect(read('gemini', [grounded(['a']), grounded(['a', 'b'])]).facts().charges).toEqual([
      { kind: 'web_search', quantity: 2 },
    ]);
  });
});

test('a chunk that throws is passed over, and said', () => {
  const hostile = {
    get choices(): never {
      throw new Error('no');
    },
  };
  const usage = { prompt_tokens: 5, completion_tokens: 2 };
  const reader = read('openai-chat', [hostile, undefined, 'data', { choices: [{ finish_reason: 'stop' }], usage }]);
  expect(reader.facts()).toMatchObject({ usage: { input: 5, output: 2 }, problems: ['reader_failed'] });
});

test('nothing that was said is kept', () => {
  const reader = createStreamReader(StreamKind.OpenAiChat);
  for (let sent = 0; sent < 10_000; sent += 1) {
    reader.push({ id: 'x', choices: [{ index: sent, delta: { content: 'secret' }, finish_reason: null }] });
  }
  expect(JSON.stringify(reader.facts())).not.toContain('secret');
  // More choices than an answer has are not kept count of: when the first 128 have ended, all that are known have.
  reader.push({ choices: Array.from({ length: 128 }, (_, index) => ({ index, finish_reason: 'stop' })) });
  expect(reader.isComplete).toBe(true);
  expect(reader.facts().finishReasons).toHaveLength(128);
});
