import { ChatAnthropic } from '@langchain/anthropic';
import { InMemoryCache } from '@langchain/core/caches';
import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { ChatResult } from '@langchain/core/outputs';
import { BaseRetriever } from '@langchain/core/retrievers';
import { RunnableLambda } from '@langchain/core/runnables';
import { OpenAI } from '@langchain/openai';
import { createAgent } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { withSession } from '../../../src/index.ts';
import { expectSpendingOf } from '../spending.ts';
import { attachEach, sessionOf, WITNESSES } from './attached.ts';
import { add, ADD_CALL, ask, chatModel, inThread, promptOf } from './teams.ts';

describe.each(WITNESSES)('model calls (clients attached to: $clients)', (witnesses) => {
  const attached = attachEach(witnesses);
  const prompt = (session: string): { role: 'system'; content: string }[] => [
    { role: 'system', content: `Answer. [session:${session}]` },
  ];

  it('of a chain without a graph are counted, in the session that the call names, without a turn', async () => {
    const { server, recording } = attached;
    const chain = RunnableLambda.from((text: string) => [...prompt('m-1'), { role: 'user' as const, content: text }])
      .pipe(chatModel(server))
      .pipe((message: BaseMessage) => message.text);
    await chain.invoke('Hello', { metadata: { session_id: 'm-1' } });
    await chain.batch(['a', 'b', 'c'], { metadata: { session_id: 'm-1' } });
    expect(server.totals().calls).toBe(4);
    await expectSpendingOf(server, recording);
    expect(sessionOf('m-1')).toMatchObject({ turns: 0, inferences: 4 });
  });

  it('with several conversations at once are one each, also where one is asked again', async () => {
    const { server, recording } = attached;
    server.script([{ calls: 2, reply: { status: 500 } }]);
    const model = chatModel(server, { maxRetries: 2 });
    await withSession({ session: 'm-2' }, () => model.generate([prompt('m-2'), prompt('m-2'), prompt('m-2')] as never));
    expect(server.totals().calls).toBe(3);
    await expectSpendingOf(server, recording);
    expect(recording.spans()).toHaveLength(3);
  });

  it('streamed are known from the chunks that the app reads', async () => {
    const { server, recording } = attached;
    server.script([
      { reply: { text: 'One two three.', usage: { input: 100, output: 30, cacheRead: 64, reasoning: 8 } } },
    ]);
    const stream = await withSession({ session: 'm-3' }, () => chatModel(server).stream(prompt('m-3')));
    const texts: string[] = [];
    for await (const chunk of stream) texts.push(chunk.text);
    expect(texts.join('')).toBe('One two three.');
    await expectSpendingOf(server, recording);
    expect(recording.spans()).toHaveLength(1);
    expect(recording.spans()[0]?.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      'gen_ai.usage.reasoning.output_tokens': 8,
    });
  });

  it('streamed and left in the middle end there', async () => {
    const { server, recording } = attached;
    server.script([{ reply: { text: 'One two three four five six.', chunks: 6, chunkDelayMs: 20 } }]);
    await withSession({ session: 'm-4' }, async () => {
      for await (const _ of await chatModel(server).stream(prompt('m-4'))) break;
    });
    await expect.poll(() => recording.spans().length, { timeout: 5000 }).toBe(1);
    expect(sessionOf('m-4')).toMatchObject({ inferences: 1, errors: 0, inferencesWithoutUsage: 1 });
  });

  it('of an agent that is streamed in any mode are counted once', async () => {
    const { server, recording } = attached;
    const agent = createAgent({
      model: chatModel(server),
      tools: [add],
      systemPrompt: promptOf('Writer', 'm-5'),
      name: 'Writer',
    });
    for (const streamMode of ['values', 'updates', 'messages', 'debug'] as const) {
      server.script([{ reply: [ADD_CALL, { text: 'Three.' }] }]);
      for await (const _ of await agent.stream(ask(), { ...inThread('m-5'), streamMode }));
    }
    server.script([{ reply: [ADD_CALL, { text: 'Three.' }] }]);
    for await (const _ of agent.streamEvents(ask(), { ...inThread('m-5'), version: 'v2' }));
    expect(server.totals().calls).toBe(10);
    await expectSpendingOf(server, recording);
    expect(sessionOf('m-5')).toMatchObject({ turns: 5, inferences: 10, toolCalls: 5 });
  });

  it('answered from the cache are none', async () => {
    const { server, recording } = attached;
    const model = chatModel(server, { cache: new InMemoryCache() });
    await withSession({ session: 'm-6' }, async () => {
      const first = await model.invoke(prompt('m-6'));
      const second = await model.invoke(prompt('m-6'));
      expect(second.text).toBe(first.text);
      // One of two from the cache: one call more.
      await model.generate([prompt('m-6'), [{ role: 'user', content: 'Else [session:m-6]' }]] as never);
    });
    expect(server.totals().calls).toBe(2);
    await expectSpendingOf(server, recording);
    expect(recording.spans()).toHaveLength(2);
    expect(sessionOf('m-6')).toMatchObject({ inferences: 2, inferencesWithoutUsage: 0 });
  });

  it('that LangChain tries again are one call', async () => {
    const { server, recording } = attached;
    server.script([{ reply: { status: 500, failTimes: 2 } }]);
    await withSession({ session: 'm-7' }, () => chatModel(server, { maxRetries: 3 }).invoke(prompt('m-7')));
    expect(server.ledger).toHaveLength(3);
    await expectSpendingOf(server, recording);
    expect(recording.spans()).toHaveLength(1);
    // LangChain keeps to itself that it asks again; the client is asked three times.
    expect(sessionOf('m-7')).toMatchObject({ inferences: 1, errors: 0, retries: witnesses.clients ? 2 : 0 });
  }, 20_000);

  it('that fail and fall back are a failed one and one of the other model', async () => {
    const { server, recording } = attached;
    server.script([{ model: 'gpt-4.1', reply: { status: 400 } }]);
    const model = chatModel(server).withFallbacks([chatModel(server, { model: 'gpt-4.1-mini' })]);
    await withSession({ session: 'm-8' }, () => model.invoke(prompt('m-8')));
    expect(recording.span('chat gpt-4.1').attributes['error.type']).toBe('BadRequestError');
    expect(sessionOf('m-8')).toMatchObject({ inferences: 2, errors: 1, inferencesWithoutUsage: 0 });
    const { input, output } = server.totals();
    expect(sessionOf('m-8').models['gpt-4.1-mini']).toMatchObject({ inferences: 1, tokens: { input, output } });
  });

  it('limited in number belong to whoever asked, not to whoever was first', async () => {
    const { server, recording } = attached;
    const model = chatModel(server, { maxConcurrency: 1 });
    const sessions = ['m-9a', 'm-9b', 'm-9c'];
    await Promise.all(
      sessions.map((session) => withSession({ session }, () => model.invoke(prompt(session), inThread(session)))),
    );
    expect(server.totals().calls).toBe(3);
    await expectSpendingOf(server, recording);
    expect(recording.spans()).toHaveLength(3);
  });

  it('with structured output are counted, and come back as they are', async () => {
    const { server, recording } = attached;
    server.script([{ reply: { json: { name: 'Ada' } } }]);
    const model = chatModel(server).withStructuredOutput(z.object({ name: z.string() }));
    const answer = await withSession({ session: 'm-10' }, () => model.invoke(prompt('m-10')));
    expect(answer).toEqual({ name: 'Ada' });
    await expectSpendingOf(server, recording);
  });

  it('whose stream has no usage miss it', async () => {
    const { server, recording } = attached;
    const model = chatModel(server, { streamUsage: false });
    await withSession({ session: 'm-11' }, async () => {
      let whole: AIMessageChunk | undefined;
      for await (const chunk of await model.stream(prompt('m-11')))
        whole = whole === undefined ? chunk : whole.concat(chunk);
      expect(whole?.usage_metadata).toBeUndefined();
    });
    expect(recording.spans()[0]?.attributes['turnmeter.usage.source']).toBe('missing');
    expect(sessionOf('m-11')).toMatchObject({ inferences: 1, inferencesWithoutUsage: 1 });
  });

  it('of completion models are one for all prompts of a request', async () => {
    const { server, recording } = attached;
    const model = new OpenAI({
      model: 'gpt-3.5-turbo-instruct',
      apiKey: 'test',
      configuration: { baseURL: server.openaiUrl },
    });
    await withSession({ session: 'm-12' }, () => model.generate(['Say hello.', 'Say goodbye.']));
    const { calls, input, output } = server.totals();
    expect(calls).toBe(1);
    // LangChain tells of two runs, and leaves out which model it was that answered.
    expect(sessionOf('m-12')).toMatchObject({ inferences: 1, inferencesWithoutUsage: 0, tokens: { input, output } });
    expect(recording.spans().map(({ attributes }) => attributes['gen_ai.operation.name'])).toEqual(['text_completion']);
  });

  it('of Anthropic’s have what was read from its cache and written there', async () => {
    const { server, recording } = attached;
    server.script([
      { reply: { text: 'Hello.', usage: { input: 2000, output: 30, cacheRead: 1500, cacheWrite: 400 } } },
    ]);
    const model = new ChatAnthropic({
      model: 'claude-sonnet-4-5',
      apiKey: 'test',
      anthropicApiUrl: server.anthropicUrl,
    });
    await withSession({ session: 'm-13' }, async () => {
      await model.invoke(ask('Hello [session:m-13]').messages);
      for await (const _ of await model.stream(ask('Hello [session:m-13]').messages));
    });
    expect(server.totals().calls).toBe(2);
    await expectSpendingOf(server, recording);
    expect(sessionOf('m-13').tokens).toMatchObject({ input: 4000, output: 60, cacheRead: 3000, cacheWrite: 800 });
    expect(recording.spans()[0]?.attributes['gen_ai.provider.name']).toBe('anthropic');
  });

  it('of a model that asks another one are that one’s', async () => {
    const { server, recording } = attached;
    class Router extends BaseChatModel {
      override _llmType(): string {
        return 'router';
      }
      override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
        const message = await chatModel(server, { model: 'gpt-4.1-mini' }).invoke(messages);
        return { generations: [{ text: message.text, message }] };
      }
    }
    await withSession({ session: 'm-15' }, () => new Router({}).invoke(prompt('m-15')));
    expect(server.totals().calls).toBe(1);
    await expectSpendingOf(server, recording);
    expect(recording.spans()).toHaveLength(1);
  });

  it('have a retriever beside them as a tool of data', async () => {
    class Shelf extends BaseRetriever {
      lc_namespace = ['test'];
      override _getRelevantDocuments(): Promise<[]> {
        return Promise.resolve([]);
      }
    }
    await withSession({ session: 'm-14' }, () => new Shelf().invoke('rain'));
    expect(attached.recording.span('execute_tool Shelf').attributes['gen_ai.tool.type']).toBe('datastore');
    expect(sessionOf('m-14')).toMatchObject({ toolCalls: 1 });
  });
});
