import OpenAI from 'openai';
import OpenAI6 from 'openai-6';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSession, OpenAIInstrumentation, withSession } from '../../../src/index.ts';
import { record, type Recording } from '../../recording.ts';

let server: ModelServer;
let recording: Recording;
let instrumentation: OpenAIInstrumentation;

beforeEach(async () => {
  server = await startModelServer();
  recording = record();
  instrumentation = new OpenAIInstrumentation();
  instrumentation.attach(OpenAI);
  instrumentation.attach(OpenAI6);
});

afterEach(async () => {
  instrumentation.disable();
  await recording[Symbol.asyncDispose]();
  await server.close();
});

const MESSAGES = [{ role: 'user' as const, content: 'Tell me of the sea. [agent:Writer] [session:s-1]' }];

describe.each([
  ['openai 7', OpenAI],
  ['openai 6', OpenAI6 as unknown as typeof OpenAI],
])('a chat completion of %s', (_, Client) => {
  const client = (): OpenAI => new Client({ apiKey: 'none', baseURL: server.openaiUrl, maxRetries: 2 });

  it('is one span whose tokens are the ledger’s', async () => {
    const answer = await client().chat.completions.create({
      model: 'gpt-5-mini',
      messages: MESSAGES,
      temperature: 0.5,
    });
    expect(recording.spans()).toHaveLength(1);
    const [entry] = server.ledger;
    expect(recording.span('chat gpt-5-mini').attributes).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.response.id': answer.id,
      'gen_ai.usage.input_tokens': entry?.usage.input,
      'gen_ai.usage.output_tokens': entry?.usage.output,
      'server.address': '127.0.0.1',
      'server.port': server.port,
    });
  });

  it('is counted for the session it is made in', async () => {
    await withSession({ session: 's-1' }, () =>
      client().chat.completions.create({ model: 'gpt-5-mini', messages: MESSAGES }),
    );
    expect(findSession('s-1')?.tokens).toMatchObject({ input: server.totals().input, output: server.totals().output });
  });

  it('streams to the app what the server sends, and is counted at its end', async () => {
    const stream = await client().chat.completions.create({
      model: 'gpt-5-mini',
      messages: MESSAGES,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).not.toBe('');
    const { attributes } = recording.span('chat gpt-5-mini');
    expect(attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.usage.input_tokens': server.totals().input,
      'gen_ai.usage.output_tokens': server.totals().output,
      'turnmeter.usage.source': 'provider',
    });
    expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0);
  });

  it('gives back the SDK’s own promise', async () => {
    const promise = client().chat.completions.create({ model: 'gpt-5-mini', messages: MESSAGES });
    expect(promise.constructor.name).toBe('APIPromise');
    expect(promise).toBeInstanceOf(Promise);
    const { data, response, request_id } = await promise.withResponse();
    // oxlint-disable-next-line no-underscore-dangle -- The SDK calls it so.
    expect(data._request_id).toBe(request_id);
    expect(response.status).toBe(200);
    expect(recording.spans()).toHaveLength(1);
  });

  it('counts retries', async () => {
    server.script([{ reply: { status: 429, failTimes: 1 } }]);
    await client().chat.completions.create({ model: 'gpt-5-mini', messages: MESSAGES });
    expect(server.ledger).toHaveLength(2);
    expect(recording.span('chat gpt-5-mini').attributes['turnmeter.retries']).toBe(1);
  });
});
