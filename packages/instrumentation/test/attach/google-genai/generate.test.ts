import { createRequire } from 'node:module';
import * as genai from '@google/genai';
import { describe, expect, it } from 'vitest';
import { findSession, GoogleGenAIInstrumentation, withSession } from '../../../src/index.ts';
import { attachAround, readToEnd } from '../attached.ts';

const attached = attachAround(() => new GoogleGenAIInstrumentation(), [genai]);
const ASK = { model: 'gemini-2.5-flash', contents: 'Tell me of the sea.' };
const client = (copy: Pick<typeof genai, 'GoogleGenAI'> = genai): genai.GoogleGenAI =>
  new copy.GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: attached.server.googleUrl } });

function expectLedger(calls = 1): void {
  const spans = attached.calls();
  const sum = (name: string): number =>
    spans.reduce((total, { attributes }) => total + Number(attributes[name] ?? 0), 0);
  const { input, output } = attached.server.totals();
  expect(attached.server.ledger).toHaveLength(calls);
  expect(spans).toHaveLength(calls);
  expect(sum('gen_ai.usage.input_tokens')).toBe(input);
  expect(sum('gen_ai.usage.output_tokens')).toBe(output);
  for (const { attributes } of spans) expect(attributes['turnmeter.usage.source']).toBe('provider');
}

describe('a call of @google/genai', () => {
  it('is one span whose tokens are the ledger’s, thoughts within the output', async () => {
    attached.server.script([{ reply: { usage: { input: 800, output: 90, reasoning: 50, cacheRead: 200 } } }]);
    const answer = await client().models.generateContent({
      ...ASK,
      config: { temperature: 0.2, maxOutputTokens: 300, topK: 3, stopSequences: ['END'] },
    });
    expect(answer).toBeInstanceOf(genai.GenerateContentResponse);
    expect(attached.onlyCall().name).toBe('generate_content gemini-2.5-flash');
    expect(attached.onlyCall().attributes).toMatchObject({
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.temperature': 0.2,
      'gen_ai.request.max_tokens': 300,
      'gen_ai.request.top_k': 3,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.response.id': answer.responseId,
      'gen_ai.usage.input_tokens': 800,
      'gen_ai.usage.output_tokens': 90,
      'gen_ai.usage.reasoning.output_tokens': 50,
      'gen_ai.usage.cache_read.input_tokens': 200,
      'server.address': '127.0.0.1',
      'server.port': attached.server.port,
    });
    expectLedger();
  });

  it('is counted as a stream, for the session it is made in', async () => {
    await withSession({ session: 's-1' }, async () => {
      await readToEnd(client().models.generateContentStream(ASK));
    });
    expect(attached.onlyCall().attributes).toMatchObject({ 'gen_ai.request.stream': true });
    expect(findSession('s-1')).toMatchObject({ inferences: 1, tokens: { output: attached.server.totals().output } });
    expectLedger();
  });

  it('is counted in a chat, plain and streamed', async () => {
    const chat = client().chats.create({ model: 'gemini-2.5-flash' });
    await chat.sendMessage({ message: 'One.' });
    await readToEnd(chat.sendMessageStream({ message: 'Two.' }));
    expect(chat.getHistory().length).toBeGreaterThan(3);
    expectLedger(2);
  });

  it('is each of the calls that automatic function calling makes', async () => {
    attached.server.script([
      { calls: 1, reply: { toolCalls: [{ name: 'depth', arguments: { place: 'Mariana' } }] } },
      { reply: { text: 'Very deep.' } },
    ]);
    const depth: genai.CallableTool = {
      tool: () => Promise.resolve({ functionDeclarations: [{ name: 'depth', description: 'Depth.' }] }),
      callTool: () => Promise.resolve([{ functionResponse: { name: 'depth', response: { meters: 10_994 } } }]),
    };
    const answer = await client().models.generateContent({ ...ASK, config: { tools: [depth] } });
    expect(answer.text).toBe('Very deep.');
    expectLedger(2);
  });

  it('is counted where it embeds', async () => {
    attached.server.script([]);
    await client().models.embedContent({ model: 'gemini-embedding-001', contents: 'sea' });
    expect(attached.onlyCall().name).toBe('embeddings gemini-embedding-001');
  });

  it('is not what counts tokens or lists models', async () => {
    await Promise.allSettled([client().models.countTokens(ASK), client().models.list()]);
    expect(attached.calls()).toEqual([]);
  });

  it('is Vertex AI’s where the client was made for it', async () => {
    const vertex = new genai.GoogleGenAI({
      vertexai: true,
      apiKey: 'none',
      httpOptions: { baseUrl: attached.server.googleUrl },
    });
    await vertex.models.generateContent(ASK).catch(() => undefined);
    expect(attached.onlyCall().attributes['gen_ai.provider.name']).toBe('gcp.vertex_ai');
  });

  it('has the counts so far, as an estimate, where the app breaks off', async () => {
    attached.server.script([{ reply: { chunkDelayMs: 10, chunks: 20, usage: { input: 900, output: 300 } } }]);
    const stream = await client().models.generateContentStream(ASK);
    for await (const chunk of stream) {
      expect(chunk).toBeInstanceOf(genai.GenerateContentResponse);
      break;
    }
    expect(attached.onlyCall().attributes['gen_ai.usage.input_tokens']).toBe(900);
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBe('estimated');
    expect(attached.onlyCall().attributes['error.type']).toBeUndefined();
  });

  it('is an abort where the app aborts it, before and in the middle', async () => {
    attached.server.script([{ calls: 1, reply: { hang: true } }, { reply: { chunkDelayMs: 20, chunks: 50 } }]);
    const early = new AbortController();
    setTimeout(() => early.abort(), 20);
    await expect(
      client().models.generateContent({ ...ASK, config: { abortSignal: early.signal } }),
    ).rejects.toBeInstanceOf(Error);
    const late = new AbortController();
    const stream = await client().models.generateContentStream({ ...ASK, config: { abortSignal: late.signal } });
    const read = async (): Promise<void> => {
      for await (const chunk of stream) if (chunk.text !== '') late.abort();
    };
    await expect(read()).rejects.toBeInstanceOf(Error);
    expect(attached.calls().map(({ attributes }) => attributes['error.type'])).toEqual(['AbortError', 'AbortError']);
    expect(attached.calls()[0]?.attributes['turnmeter.usage.source']).toBeUndefined();
    expect(attached.calls()[1]?.attributes['turnmeter.usage.source']).toBe('estimated');
  });

  it.each([400, 429, 500])('that is refused with %i is an error that used nothing', async (status) => {
    attached.server.script([{ reply: { status } }]);
    await expect(client().models.generateContent(ASK)).rejects.toBeInstanceOf(genai.ApiError);
    expect(attached.onlyCall().attributes['error.type']).toBe('ApiError');
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBeUndefined();
  });
});

describe('GoogleGenAIInstrumentation', () => {
  it('takes the exports of the CommonJS copy, and is undone by disable()', async () => {
    const copy = createRequire(import.meta.url)('@google/genai') as typeof genai;
    expect(copy.Models).not.toBe(genai.Models);
    attached.instrumentation.attach(copy);
    await client(copy).models.generateContent(ASK);
    expect(attached.calls()).toHaveLength(1);
    attached.instrumentation.disable();
    await client(copy).models.generateContent(ASK);
    await client().models.generateContent(ASK);
    expect(attached.calls()).toHaveLength(1);
    attached.instrumentation.enable();
    await client().models.generateContent(ASK);
    expect(attached.calls()).toHaveLength(2);
  });
});
