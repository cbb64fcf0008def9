import { createRequire } from 'node:module';
import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AnthropicInstrumentation, findSession, withSession } from '../../../src/index.ts';
import { attachAround, readToEnd } from '../attached.ts';

const attached = attachAround(() => new AnthropicInstrumentation(), [Anthropic]);
const ASK = {
  model: 'claude-opus-4-8',
  max_tokens: 200,
  messages: [{ role: 'user' as const, content: 'Tell me of the sea.' }],
};
/** Newer versions no longer have these in their types. */
const SAMPLING: object = { temperature: 0.3, top_k: 5 };
const client = (): Anthropic => new Anthropic({ apiKey: 'none', baseURL: attached.server.anthropicUrl, maxRetries: 0 });

function expectLedger(calls = 1): void {
  const spans = attached.calls();
  const sum = (name: string): number =>
    spans.reduce((total, { attributes }) => total + Number(attributes[name] ?? 0), 0);
  const { input, output, cacheRead, cacheWrite } = attached.server.totals();
  expect(attached.server.ledger).toHaveLength(calls);
  expect(spans).toHaveLength(calls);
  expect(sum('gen_ai.usage.input_tokens')).toBe(input);
  expect(sum('gen_ai.usage.output_tokens')).toBe(output);
  expect(sum('gen_ai.usage.cache_read.input_tokens')).toBe(cacheRead);
  expect(sum('gen_ai.usage.cache_write.input_tokens')).toBe(cacheWrite);
  for (const { attributes } of spans) expect(attributes['turnmeter.usage.source']).toBe('provider');
}

describe('a message of @anthropic-ai/sdk', () => {
  it('is one span whose tokens are the ledger’s, what is cached within the input', async () => {
    attached.server.script([{ reply: { usage: { input: 5000, output: 70, cacheRead: 3000, cacheWrite: 1500 } } }]);
    const answer = await client().messages.create({ ...ASK, ...SAMPLING, stop_sequences: ['END'] });
    expect(answer.usage.input_tokens).toBe(500);
    expect(attached.onlyCall().name).toBe('chat claude-opus-4-8');
    expect(attached.onlyCall().attributes).toMatchObject({
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.max_tokens': 200,
      'gen_ai.request.temperature': 0.3,
      'gen_ai.request.top_k': 5,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.response.id': answer.id,
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.usage.input_tokens': 5000,
    });
    expectLedger();
  });

  it('is counted as a stream, for the session it is made in', async () => {
    await withSession({ session: 's-1' }, async () => {
      await readToEnd(client().messages.create({ ...ASK, stream: true }));
    });
    expect(attached.onlyCall().attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0);
    expect(findSession('s-1')).toMatchObject({ inferences: 1, tokens: { input: attached.server.totals().input } });
    expectLedger();
  });

  it('is counted by the helper stream()', async () => {
    const message = await client().messages.stream(ASK).finalMessage();
    expect(message.content[0]).toMatchObject({ type: 'text' });
    expectLedger();
  });

  it('is counted by parse()', async () => {
    attached.server.script([{ reply: { json: { meters: 11 } } }]);
    const format = zodOutputFormat(z.object({ meters: z.number() }));
    const answer = await client().messages.parse({ ...ASK, output_config: { format } });
    expect(answer.parsed_output).toEqual({ meters: 11 });
    expectLedger();
  });

  it('is counted in the beta, each call of a tool runner', async () => {
    attached.server.script([
      { calls: 1, reply: { toolCalls: [{ name: 'depth', arguments: { place: 'Mariana' } }] } },
      { reply: { text: 'Very deep.' } },
    ]);
    const depth = betaZodTool({
      name: 'depth',
      description: 'Depth of a place.',
      inputSchema: z.object({ place: z.string() }),
      run: () => '10994',
    });
    const answer = await client().beta.messages.toolRunner({ ...ASK, tools: [depth] });
    expect(answer.content[0]).toMatchObject({ type: 'text', text: 'Very deep.' });
    expectLedger(2);
  });

  it('is not what counts tokens or makes batches', async () => {
    const { max_tokens: _, ...question } = ASK;
    await Promise.allSettled([
      client().messages.countTokens(question),
      client().messages.batches.create({ requests: [{ custom_id: 'a', params: ASK }] }),
      client().messages.batches.list(),
    ]);
    expect(attached.calls()).toEqual([]);
  });

  it('gives back the SDK’s own promise, whose accessors work and count once', async () => {
    const promise = client().messages.create(ASK);
    expect(promise.constructor.name).toBe('APIPromise');
    const { data, request_id: requestId } = await promise.withResponse();
    expect(requestId).toBe(attached.onlyEntry().requestId);
    expect(Reflect.get(data, '_request_id')).toBe(requestId);
    expectLedger();
  });

  it('is counted where the app reads the response itself', async () => {
    const response = await client()
      .messages.create({ ...ASK, stream: true })
      .asResponse();
    expect(await response.text()).toContain('message_stop');
    expectLedger();
  });

  it('has the counts of its beginning, as an estimate, where the app breaks off', async () => {
    attached.server.script([{ reply: { chunkDelayMs: 10, chunks: 50, usage: { input: 900, output: 300 } } }]);
    const stream = await client().messages.create({ ...ASK, stream: true });
    let parts = 0;
    for await (const event of stream) if (++parts === 4 && event.type !== 'message_stop') break;
    expect(attached.onlyCall().attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 900,
      'turnmeter.usage.source': 'estimated',
    });
    expect(Number(attached.onlyCall().attributes['gen_ai.usage.output_tokens'])).toBeLessThan(300);
    expect(attached.onlyCall().attributes['error.type']).toBeUndefined();
  });

  it('is an abort where the app aborts it in the middle', async () => {
    attached.server.script([{ reply: { chunkDelayMs: 10, chunks: 50 } }]);
    const stream = client().messages.stream(ASK);
    stream.on('text', () => stream.abort());
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    expect(attached.onlyCall().attributes).toMatchObject({
      'error.type': 'AbortError',
      'turnmeter.usage.source': 'estimated',
    });
  });

  it.each([
    [400, Anthropic.BadRequestError, 'BadRequestError'],
    [429, Anthropic.RateLimitError, 'RateLimitError'],
    [529, Anthropic.InternalServerError, 'OverloadedError'],
  ])('that is refused with %i is an error that used nothing', async (status, type, name) => {
    attached.server.script([{ reply: { status } }]);
    await expect(client().messages.create(ASK)).rejects.toBeInstanceOf(type);
    expect(attached.onlyCall().attributes['error.type']).toBe(name);
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBeUndefined();
  });

  it('counts retries', async () => {
    attached.server.script([{ reply: { status: 529, failTimes: 1, retryAfter: 0 } }]);
    await new Anthropic({ apiKey: 'none', baseURL: attached.server.anthropicUrl }).messages.create(ASK);
    expect(attached.onlyCall().attributes['turnmeter.retries']).toBe(1);
  });

  it('fails for the app as it would where the server tells an error in the middle', async () => {
    attached.server.script([{ reply: { errorAfterChunks: 3 } }]);
    await expect(readToEnd(client().messages.create({ ...ASK, stream: true }))).rejects.toBeInstanceOf(
      Anthropic.APIError,
    );
    expect(attached.onlyCall().attributes['error.type']).toBeDefined();
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBe('estimated');
  });
});

describe('the span that the SDK makes of itself', () => {
  it('is left as it is, above ours, and counted once', async () => {
    const answer = await client().messages.create(ASK);
    const theirs = attached.recording.span('anthropic.messages.create');
    expect(theirs.attributes['gen_ai.response.id']).toBe(answer.id);
    expect(attached.onlyCall().parentSpanContext?.spanId).toBe(theirs.spanContext().spanId);
    expect(await attached.recording.metric('turnmeter.tokens', { direction: 'input' })).toBe(
      attached.server.totals().input,
    );
  });
});

describe('AnthropicInstrumentation', () => {
  it('takes the exports of the CommonJS copy, and is undone by disable()', async () => {
    const copy = createRequire(import.meta.url)('@anthropic-ai/sdk') as { readonly Anthropic: typeof Anthropic };
    expect(copy.Anthropic).not.toBe(Anthropic);
    attached.instrumentation.attach(copy);
    const api = new copy.Anthropic({ apiKey: 'none', baseURL: attached.server.anthropicUrl });
    await api.messages.create(ASK);
    expect(attached.calls()).toHaveLength(1);
    attached.instrumentation.disable();
    await api.messages.create(ASK);
    expect(attached.calls()).toHaveLength(1);
    attached.instrumentation.enable();
    await api.messages.create(ASK);
    expect(attached.calls()).toHaveLength(2);
  });

  it('knows a cloud by the class of its client', async () => {
    class AnthropicBedrock extends Anthropic {}
    await new AnthropicBedrock({ apiKey: 'none', baseURL: attached.server.anthropicUrl }).messages.create(ASK);
    expect(attached.onlyCall().attributes['gen_ai.provider.name']).toBe('aws.bedrock');
  });
});
