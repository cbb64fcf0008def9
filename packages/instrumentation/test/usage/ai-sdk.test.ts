import { generateText, isStepCount, streamText, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { generateText as generateText6, stepCountIs, tool as tool6 } from 'ai-6';
import { MockLanguageModelV3 } from 'ai-6/test';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { usageFrom } from '../../src/usage/usage-from.ts';

const CALL_USAGE = {
  inputTokens: { total: 100, noCache: 60, cacheRead: 30, cacheWrite: 10 },
  outputTokens: { total: 20, text: 15, reasoning: 5 },
};
const ANTHROPIC_USAGE = {
  input_tokens: 60,
  cache_read_input_tokens: 30,
  cache_creation_input_tokens: 10,
  cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 },
  output_tokens: 20,
  server_tool_use: { web_search_requests: 1 },
  service_tier: 'priority',
};

function textCall(id: string) {
  return {
    content: [{ type: 'text' as const, text: 'Hello' }],
    finishReason: { unified: 'stop' as const, raw: 'end_turn' },
    usage: CALL_USAGE,
    response: { id, modelId: 'claude-sonnet-4-5' },
    providerMetadata: { anthropic: { usage: ANTHROPIC_USAGE } },
    warnings: [],
  };
}

function toolCall(id: string) {
  return {
    ...textCall(id),
    content: [{ type: 'tool-call' as const, toolCallId: 'call-1', toolName: 'weather', input: '{"city":"Graz"}' }],
    finishReason: { unified: 'tool-calls' as const, raw: 'tool_use' },
    usage: {
      inputTokens: { ...CALL_USAGE.inputTokens, total: 50, noCache: 10 },
      outputTokens: CALL_USAGE.outputTokens,
    },
    providerMetadata: {},
  };
}

describe('a result of AI SDK 7', () => {
  test('of one step tells the call, with the parts only the provider’s metadata has', async () => {
    const model = new MockLanguageModelV4({ provider: 'anthropic.messages', doGenerate: textCall('msg_1') });
    expect(usageFrom(await generateText({ model, prompt: 'Hi' }))).toEqual({
      usage: { input: 100, output: 20, cacheRead: 30, cacheWrite: 10, cacheWrite5m: 4, cacheWrite1h: 6, reasoning: 5 },
      model: 'claude-sonnet-4-5',
      responseId: 'msg_1',
      finishReasons: ['end_turn'],
      serviceTier: 'priority',
      charges: [{ kind: 'web_search', quantity: 1 }],
      provider: 'anthropic.messages',
      operation: 'chat',
    });
  });

  test('of several steps is their sum, each of them a call', async () => {
    const answers = [toolCall('msg_1'), textCall('msg_2')];
    const model = new MockLanguageModelV4({ provider: 'anthropic.messages', doGenerate: answers });
    const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: () => 'rain' });
    const result = await generateText({ model, prompt: 'Hi', tools: { weather }, stopWhen: isStepCount(2) });
    const facts = usageFrom(result);
    // 50 + 100 in, 20 + 20 out.
    expect(facts.usage).toMatchObject({ input: 150, output: 40, cacheRead: 60, cacheWrite: 20, reasoning: 10 });
    expect(facts.responseId).toBe('msg_2');
    expect(facts.finishReasons).toEqual(['end_turn']);
    expect(facts.calls?.map((call) => [call.responseId, call.usage?.input, call.usage?.output])).toEqual([
      ['msg_1', 50, 20],
      ['msg_2', 100, 20],
    ]);
  });

  test('that streams is left alone until it was read', async () => {
    const model = new MockLanguageModelV4({
      doStream: {
        stream: new ReadableStream({
          start(controller) {
            controller.enqueue({ type: 'text-start', id: '1' });
            controller.enqueue({ type: 'text-delta', id: '1', delta: 'Hello' });
            controller.enqueue({ type: 'text-end', id: '1' });
            controller.enqueue({ type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage: CALL_USAGE });
            controller.close();
          },
        }),
      },
    });
    const result = streamText({ model, prompt: 'Hi' });
    expect(usageFrom(result)).toEqual({ problems: ['stream_not_read'] });
    // The app still reads all of it.
    let text = '';
    for await (const delta of result.textStream) text += delta;
    expect(text).toBe('Hello');
    expect(usageFrom({ usage: await result.usage, response: await result.response })).toMatchObject({
      usage: { input: 100, output: 20, cacheRead: 30, cacheWrite: 10, reasoning: 5 },
    });
  });

  test('is one call by what a model itself returned', () => {
    expect(usageFrom(textCall('msg_1'))).toMatchObject({
      usage: { input: 100, output: 20, cacheWrite1h: 6 },
      responseId: 'msg_1',
      finishReasons: ['end_turn'],
    });
  });

  test('of embeddings has an input', () => {
    const facts = usageFrom({ value: 'x', embedding: [0.1], usage: { tokens: 12 }, warnings: [] });
    expect(facts).toEqual({ usage: { input: 12 }, operation: 'embeddings' });
  });

  test('is not mixed with a provider’s usage that speaks of other tokens', () => {
    const raw = { prompt_tokens: 999, completion_tokens: 20, prompt_tokens_details: { audio_tokens: 7 } };
    expect(usageFrom({ text: '', usage: { inputTokens: 100, outputTokens: 20, raw } }).usage).toEqual({
      input: 100,
      output: 20,
    });
    const same = { ...raw, prompt_tokens: 100 };
    expect(usageFrom({ text: '', usage: { inputTokens: 100, outputTokens: 20, raw: same } }).usage).toEqual({
      input: 100,
      output: 20,
      inputAudio: 7,
    });
  });

  test('of a gateway tells what that bills', () => {
    const result = {
      text: '',
      usage: { inputTokens: 5, outputTokens: 5 },
      providerMetadata: { gateway: { cost: '0.0000425' } },
    };
    expect(usageFrom(result).reportedCost).toEqual({ nanoUsd: 42_500, source: 'gateway' });
  });
});

describe('a result of AI SDK 6', () => {
  test('is the sum of its steps although its usage is the last one’s', async () => {
    const answers = [toolCall('msg_1'), textCall('msg_2')];
    let calls = 0;
    const model = new MockLanguageModelV3({
      doGenerate: async () => Promise.resolve(answers[calls++] ?? textCall('none')),
    });
    const result = await generateText6({
      model,
      prompt: 'Hi',
      tools: { weather: tool6({ inputSchema: z.object({ city: z.string() }), execute: () => 'rain' }) },
      stopWhen: stepCountIs(2),
    });
    expect(result.usage.inputTokens).toBe(100);
    expect(usageFrom(result).usage).toMatchObject({ input: 150, output: 40 });
  });
});

describe('a result of AI SDK 5', () => {
  test('of Anthropic has its input without the cached part', () => {
    const result = {
      text: 'Hello',
      finishReason: 'stop',
      usage: { inputTokens: 60, outputTokens: 20, totalTokens: 80, cachedInputTokens: 30 },
      providerMetadata: { anthropic: { usage: ANTHROPIC_USAGE, cacheCreationInputTokens: 10 } },
      response: { id: 'msg_1', modelId: 'claude-sonnet-4-5' },
    };
    // 60 + 30 + 10 = 100.
    expect(usageFrom(result).usage).toEqual({
      input: 100,
      output: 20,
      cacheRead: 30,
      cacheWrite: 10,
      cacheWrite5m: 4,
      cacheWrite1h: 6,
    });
  });

  test('of OpenAI has it inside', () => {
    const result = {
      text: 'Hello',
      finishReason: 'stop',
      usage: { inputTokens: 100, outputTokens: 20, totalTokens: 120, cachedInputTokens: 30, reasoningTokens: 5 },
      providerMetadata: { openai: { serviceTier: 'flex' } },
      response: { id: 'resp_1', modelId: 'gpt-5' },
    };
    expect(usageFrom(result)).toMatchObject({
      usage: { input: 100, output: 20, cacheRead: 30, reasoning: 5 },
      serviceTier: 'flex',
    });
  });

  test('of several steps adds the cached part of each', () => {
    const step = (id: string) => ({
      usage: { inputTokens: 60, outputTokens: 20, totalTokens: 80, cachedInputTokens: 30 },
      providerMetadata: { anthropic: { usage: ANTHROPIC_USAGE, cacheCreationInputTokens: 10 } },
      response: { id, modelId: 'claude-sonnet-4-5' },
    });
    const totalUsage = { inputTokens: 120, outputTokens: 40, totalTokens: 160, cachedInputTokens: 60 };
    const facts = usageFrom({ steps: [step('msg_1'), step('msg_2')], totalUsage, usage: step('').usage });
    // Twice 60 + 30 + 10.
    expect(facts.usage).toMatchObject({ input: 200, output: 40, cacheRead: 60, cacheWrite: 20 });
  });
});

describe('a usage object of the AI SDK', () => {
  test.each([
    ['of a model', CALL_USAGE],
    [
      'of a result',
      {
        inputTokens: 100,
        inputTokenDetails: { noCacheTokens: 60, cacheReadTokens: 30, cacheWriteTokens: 10 },
        outputTokens: 20,
        outputTokenDetails: { textTokens: 15, reasoningTokens: 5 },
        totalTokens: 120,
      },
    ],
  ])('%s is read by itself', (_, usage) => {
    expect(usageFrom(usage)).toEqual({
      usage: { input: 100, output: 20, cacheRead: 30, cacheWrite: 10, reasoning: 5 },
    });
  });

  test('of version 4 has the names of completions', () => {
    const result = {
      text: 'x',
      usage: { promptTokens: 7, completionTokens: 3, totalTokens: 10 },
      finishReason: 'stop',
    };
    expect(usageFrom(result)).toEqual({ usage: { input: 7, output: 3 }, finishReasons: ['stop'], operation: 'chat' });
  });
});
