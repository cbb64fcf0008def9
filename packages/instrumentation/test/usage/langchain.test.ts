import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { ChatAnthropic } from '@langchain/anthropic';
import { ChatOpenAI } from '@langchain/openai';
import { describe, expect, test } from 'vitest';
import { usageFrom } from '../../src/usage/usage-from.ts';

const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-mini-2024-07-18',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 40, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 8, audio_tokens: 0 },
  },
};
const RESPONSE = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: 'gpt-5-2025-08-07',
  output: [
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
    {
      type: 'message',
      id: 'm',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
    },
  ],
  service_tier: 'flex',
  usage: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 40, cache_write_tokens: 0 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 8 },
    total_tokens: 120,
  },
};
const ANTHROPIC_USAGE = {
  input_tokens: 60,
  cache_read_input_tokens: 30,
  cache_creation_input_tokens: 10,
  cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 },
  output_tokens: 20,
  service_tier: 'standard',
};
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: ANTHROPIC_USAGE,
};

/** A provider that answers any request with one body; the models and their HTTP clients are the real ones. */
function answering(body: string, contentType = 'application/json'): typeof fetch {
  return async () => Promise.resolve(new Response(body, { headers: { 'content-type': contentType } }));
}

function openAi(fetched: typeof fetch, more = {}): ChatOpenAI {
  return new ChatOpenAI({
    model: 'gpt-4o-mini',
    apiKey: 'k',
    maxRetries: 0,
    configuration: { fetch: fetched },
    ...more,
  });
}

function sse(events: readonly object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

function aiMessage(fields: object): AIMessage {
  return new AIMessage({ content: '', ...fields });
}

describe('a message of ChatOpenAI', () => {
  test('over chat completions tells usage, model, id and end', async () => {
    const message = await openAi(answering(JSON.stringify(COMPLETION))).invoke('Hi');
    expect(usageFrom(message)).toEqual({
      usage: { input: 100, output: 20, cacheRead: 40, reasoning: 8, inputAudio: 0, outputAudio: 0 },
      model: 'gpt-4o-mini-2024-07-18',
      responseId: 'chatcmpl-1',
      finishReasons: ['stop'],
      provider: 'openai',
      operation: 'chat',
    });
  });

  test('is read the same after it has been JSON', async () => {
    const message = await openAi(answering(JSON.stringify(COMPLETION))).invoke('Hi');
    expect(usageFrom(JSON.parse(JSON.stringify(message)))).toEqual(usageFrom(message));
  });

  test('that was streamed tells the usage of its last chunk', async () => {
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'gpt-4o-mini-2024-07-18' };
    const body = sse([
      { ...chunk, choices: [{ index: 0, delta: { role: 'assistant', content: 'Hel' }, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: 'stop' }] },
      { ...chunk, choices: [], usage: COMPLETION.usage },
    ]);
    let whole;
    for await (const part of await openAi(answering(`${body}data: [DONE]\n\n`, 'text/event-stream')).stream('Hi')) {
      whole = whole === undefined ? part : whole.concat(part);
    }
    expect(usageFrom(whole)).toMatchObject({
      usage: { input: 100, output: 20, cacheRead: 40, reasoning: 8 },
      responseId: 'chatcmpl-1',
      finishReasons: ['stop'],
    });
  });

  test('over responses tells the tier and the searches too', async () => {
    const model = openAi(answering(JSON.stringify(RESPONSE)), { useResponsesApi: true });
    expect(usageFrom(await model.invoke('Hi'))).toEqual({
      usage: { input: 100, output: 20, cacheRead: 40, cacheWrite: 0, reasoning: 8 },
      model: 'gpt-5-2025-08-07',
      responseId: 'resp_1',
      finishReasons: ['completed'],
      serviceTier: 'flex',
      charges: [{ kind: 'web_search', quantity: 1 }],
      provider: 'openai',
      operation: 'chat',
    });
  });

  test('without usage has none, although LangChain writes zeros', async () => {
    const model = openAi(answering(JSON.stringify({ ...RESPONSE, usage: null })), { useResponsesApi: true });
    const facts = usageFrom(await model.invoke('Hi'));
    expect(facts.usage).toBeUndefined();
    expect(facts.problems).toEqual(['empty_usage']);
  });
});

describe('a message of ChatAnthropic', () => {
  const anthropic = (fetched: typeof fetch): ChatAnthropic =>
    new ChatAnthropic({ model: 'claude-sonnet-4-5', apiKey: 'k', maxRetries: 0, clientOptions: { fetch: fetched } });

  test('has the cached part in its input, and the lifetimes from the provider’s usage', async () => {
    const message = await anthropic(answering(JSON.stringify(MESSAGE))).invoke('Hi');
    // 60 + 30 + 10 = 100.
    expect(usageFrom(message)).toEqual({
      usage: { input: 100, output: 20, cacheRead: 30, cacheWrite: 10, cacheWrite5m: 4, cacheWrite1h: 6 },
      model: 'claude-sonnet-4-5-20250929',
      responseId: 'msg_1',
      finishReasons: ['end_turn'],
      serviceTier: 'standard',
      provider: 'anthropic',
      operation: 'chat',
    });
  });

  test('that was streamed has them too', async () => {
    const events = [
      {
        type: 'message_start',
        message: { ...MESSAGE, content: [], stop_reason: null, usage: { ...ANTHROPIC_USAGE, output_tokens: 0 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 20 } },
      { type: 'message_stop' },
    ];
    const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    let whole;
    for await (const part of await anthropic(answering(body, 'text/event-stream')).stream('Hi')) {
      whole = whole === undefined ? part : whole.concat(part);
    }
    expect(usageFrom(whole)).toMatchObject({
      usage: { input: 100, output: 20, cacheRead: 30, cacheWrite: 10, cacheWrite5m: 4, cacheWrite1h: 6 },
      model: 'claude-sonnet-4-5-20250929',
      responseId: 'msg_1',
      finishReasons: ['end_turn'],
    });
  });
});

describe('a message of LangChain', () => {
  test('that a human wrote says nothing', () => {
    expect(usageFrom(new HumanMessage('Hi'))).toEqual({});
  });

  test('does not give LangChain’s own id for the provider’s', () => {
    const usage_metadata = { input_tokens: 5, output_tokens: 1, total_tokens: 6 };
    expect(usageFrom(aiMessage({ id: 'run-0b1c', usage_metadata })).responseId).toBeUndefined();
    expect(usageFrom(aiMessage({ id: 'lc_run--0b1c', usage_metadata })).responseId).toBeUndefined();
  });

  test('of Gemini has thoughts that only the total holds', () => {
    // 1000 - 100 - 50 = 850 thoughts; 50 + 850 = 900 generated.
    const message = aiMessage({
      response_metadata: { model_name: 'gemini-2.5-flash', finishReason: 'STOP' },
      usage_metadata: { input_tokens: 100, output_tokens: 50, total_tokens: 1000 },
    });
    expect(usageFrom(message)).toMatchObject({
      usage: { input: 100, output: 900, reasoning: 850 },
      finishReasons: ['STOP'],
    });
  });

  test('is not given lifetimes that do not add up to what it wrote', () => {
    const message = aiMessage({
      response_metadata: { usage: { cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 7 } } },
      usage_metadata: {
        input_tokens: 20,
        output_tokens: 5,
        total_tokens: 25,
        input_token_details: { cache_creation: 10 },
      },
    });
    expect(usageFrom(message).usage).toEqual({ input: 20, output: 5, cacheWrite: 10 });
  });

  test('of an old integration has its usage in the metadata', () => {
    const response_metadata = { tokenUsage: { promptTokens: 28, completionTokens: 5, totalTokens: 33 } };
    expect(usageFrom(aiMessage({ response_metadata })).usage).toEqual({ input: 28, output: 5 });
  });

  test('beside what was parsed from it stands in `raw`', () => {
    const usage_metadata = { input_tokens: 5, output_tokens: 1, total_tokens: 6 };
    expect(usageFrom({ raw: aiMessage({ usage_metadata }), parsed: {} }).usage).toEqual({
      input: 5,
      output: 1,
    });
  });
});

describe('a result that LangChain’s callbacks get', () => {
  test('of several choices is read once, for each carries the usage of the whole call', async () => {
    const choices = [0, 1].map((index) => ({ ...COMPLETION.choices[0], index }));
    const result = await openAi(answering(JSON.stringify({ ...COMPLETION, choices })), { n: 2 }).generate([['Hi']]);
    expect(usageFrom(result)).toMatchObject({
      usage: { input: 100, output: 20, cacheRead: 40, reasoning: 8 },
      responseId: 'chatcmpl-1',
      finishReasons: ['stop', 'stop'],
    });
  });

  test('of a batch is a call for each prompt', async () => {
    const result = await openAi(answering(JSON.stringify(COMPLETION))).generate([['Hi'], ['Ho']]);
    const facts = usageFrom(result);
    // Twice 100 and 20.
    expect(facts.usage).toMatchObject({ input: 200, output: 40 });
    expect(facts.calls?.map(({ usage }) => usage?.input)).toEqual([100, 100]);
  });

  test('of a model without messages has its usage in the output', () => {
    const llmOutput = { tokenUsage: { promptTokens: 4, completionTokens: 2, totalTokens: 6 } };
    const generations = [[{ text: 'x', generationInfo: { finish_reason: 'length' } }]];
    expect(usageFrom({ generations, llmOutput })).toMatchObject({
      usage: { input: 4, output: 2 },
      finishReasons: ['length'],
    });
  });

  test('is not given estimates of LangChain’s own for usage', () => {
    const llmOutput = { estimatedTokenUsage: { promptTokens: 4, completionTokens: 2, totalTokens: 6 } };
    expect(usageFrom({ generations: [[{ text: 'x' }]], llmOutput }).usage).toBeUndefined();
  });
});
