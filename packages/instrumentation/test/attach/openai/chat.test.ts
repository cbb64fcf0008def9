import { describe, expect, it } from 'vitest';
import type OpenAI from 'openai';
import { findSession, withSession } from '../../../src/index.ts';
import { attachToOpenAi, QUESTION, VERSIONS } from './clients.ts';

const attached = attachToOpenAi();

describe.each(VERSIONS)('a chat completion of %s', (_, Client) => {
  const client = (): OpenAI => new Client({ apiKey: 'none', baseURL: attached.server.openaiUrl });

  it('is one span whose tokens are the ledger’s', async () => {
    const answer = await client().chat.completions.create({
      model: 'gpt-5-mini',
      messages: QUESTION,
      temperature: 0.5,
      max_completion_tokens: 100,
      stop: ['END'],
      seed: 7,
      n: 1,
      reasoning_effort: 'low',
    });
    const { usage } = attached.onlyEntry();
    const span = attached.onlyCall();
    expect(span.name).toBe('chat gpt-5-mini');
    expect(span.attributes).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'openai.api.type': 'chat_completions',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 100,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.request.seed': 7,
      'gen_ai.request.reasoning.level': 'low',
      'gen_ai.response.id': answer.id,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': usage.input,
      'gen_ai.usage.output_tokens': usage.output,
      'turnmeter.usage.source': 'provider',
      'server.address': '127.0.0.1',
      'server.port': attached.server.port,
    });
    // One choice is what everybody gets; words are nobody's business unless asked for.
    for (const absent of ['gen_ai.request.choice.count', 'gen_ai.input.messages', 'gen_ai.output.messages']) {
      expect(span.attributes[absent]).toBeUndefined();
    }
  });

  it('counts what was cached and reasoned within input and output', async () => {
    attached.server.script([
      { reply: { text: 'Deep.', usage: { input: 1000, output: 60, cacheRead: 600, reasoning: 40 } } },
    ]);
    await client().chat.completions.create({ model: 'gpt-5-mini', messages: QUESTION });
    expect(attached.onlyCall().attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 60,
      'gen_ai.usage.cache_read.input_tokens': 600,
      'gen_ai.usage.reasoning.output_tokens': 40,
    });
  });

  it('gives back the SDK’s own promise, whose accessors work and count once', async () => {
    const promise = client().chat.completions.create({ model: 'gpt-5-mini', messages: QUESTION });
    expect(promise.constructor.name).toBe('APIPromise');
    expect(promise).toBeInstanceOf(Promise);
    const { data, response, request_id: requestId } = await promise.withResponse();
    expect(Reflect.get(data, '_request_id')).toBe(requestId);
    expect(requestId).toBe(attached.onlyEntry().requestId);
    expect(response.status).toBe(200);
    expect(await promise).toBe(data);
    expect(attached.recording.spans()).toHaveLength(1);
  });

  it('puts words on its span where they are asked for', async () => {
    await attached.configure({ captureContent: true });
    attached.server.script([{ reply: { text: 'It is wide.' } }]);
    await client().chat.completions.create({ model: 'gpt-5-mini', messages: QUESTION });
    const { attributes } = attached.onlyCall();
    expect(attributes['gen_ai.input.messages']).toContain('Tell me of the sea.');
    expect(attributes['gen_ai.output.messages']).toContain('It is wide.');
  });

  it('is counted for the session that it is made in, also where many run at once', async () => {
    const sessions = Array.from({ length: 20 }, (_unused, index) => `s-${index}`);
    attached.server.script(({ session }) => ({
      usage: { input: 100 + Number(session?.slice(2)), output: 5 },
      latencyMs: Math.random() * 20,
    }));
    const api = client();
    await Promise.all(
      sessions.map((session) =>
        withSession({ session, workflow: 'sea' }, async () => {
          for (let turn = 0; turn < 3; turn++) {
            await api.chat.completions.create({
              model: 'gpt-5-mini',
              messages: [{ role: 'user', content: `Go on. [session:${session}]` }],
            });
          }
        }),
      ),
    );
    for (const session of sessions) {
      const { input, output, calls } = attached.server.totals((entry) => entry.session === session);
      expect(calls).toBe(3);
      expect(findSession(session)).toMatchObject({ inferences: 3, tokens: { input, output } });
    }
    expect(await attached.recording.metric('turnmeter.tokens', { direction: 'input', workflow: 'sea' })).toBe(
      attached.server.totals().input,
    );
  });
});
