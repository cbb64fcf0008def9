import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startModelServer, type ModelServer } from '../../src/index.ts';
import { collect } from '../collect.ts';

let server: ModelServer;
let client: GoogleGenAI;

beforeEach(async () => {
  server = await startModelServer();
  client = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: server.googleUrl } });
});
afterEach(() => server.close());

const ASK = {
  model: 'gemini-2.5-flash',
  contents: 'Translate rain.',
  config: { systemInstruction: 'You translate. [agent:Translator] [session:s-4]' },
};
// 500 of input, 80 of them by tools of Gemini's own; 90 of output, 60 of them thoughts.
const USAGE = { input: 500, output: 90, cacheRead: 256, reasoning: 60 };

describe('generateContent', () => {
  test('a plain answer reports the prompt without tools and the candidates without thoughts', async () => {
    server.script([
      {
        reply: {
          text: 'Regen.',
          reasoning: 'German, then.',
          model: 'gemini-2.5-flash-001',
          usage: { ...USAGE, toolInput: 80 },
        },
      },
    ]);

    const response = await client.models.generateContent(ASK);

    expect(response.text).toBe('Regen.');
    expect(response.modelVersion).toBe('gemini-2.5-flash-001');
    expect(response.candidates?.[0]?.finishReason).toBe('STOP');
    expect(response.usageMetadata).toEqual({
      promptTokenCount: 420,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 420 }],
      toolUsePromptTokenCount: 80,
      toolUsePromptTokensDetails: [{ modality: 'TEXT', tokenCount: 80 }],
      cachedContentTokenCount: 256,
      cacheTokensDetails: [{ modality: 'TEXT', tokenCount: 256 }],
      candidatesTokenCount: 30,
      candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: 30 }],
      thoughtsTokenCount: 60,
      totalTokenCount: 590,
    });
    expect(server.ledger).toMatchObject([
      {
        endpoint: 'google.generate',
        model: 'gemini-2.5-flash',
        responseId: response.responseId,
        usage: { ...USAGE, cacheWrite: 0 },
        usageSent: true,
        agent: 'Translator',
        session: 's-4',
      },
    ]);
  });

  test('a stream reports cumulative usage, whole in the last chunk', async () => {
    server.script([{ reply: { text: 'Regen fällt heute über der ganzen Stadt.', usage: USAGE } }]);

    const chunks = await collect(await client.models.generateContentStream(ASK));

    expect(chunks.map(({ text }) => text).join('')).toBe('Regen fällt heute über der ganzen Stadt.');
    const candidates = chunks.map(({ usageMetadata }) => usageMetadata?.candidatesTokenCount);
    expect(candidates).toEqual([15, 30]);
    expect(chunks.at(-1)?.usageMetadata).toMatchObject({ promptTokenCount: 500, thoughtsTokenCount: 60 });
    expect(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason)).toEqual([undefined, 'STOP']);
    expect(server.ledger[0]).toMatchObject({ streamed: true, usageSent: true, outcome: 'served' });
  });

  test('function calls, forced ones too', async () => {
    const tools = [
      {
        functionDeclarations: [
          { name: 'look_up', parametersJsonSchema: { type: 'object', properties: { word: { type: 'string' } } } },
        ],
      },
    ];
    const toolConfig = { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } };

    const response = await client.models.generateContent({ ...ASK, config: { ...ASK.config, tools, toolConfig } });

    expect(response.functionCalls).toMatchObject([{ name: 'look_up', args: { word: 'sample word' } }]);
  });

  test('structured output follows the schema', async () => {
    const responseJsonSchema = { type: 'object', properties: { word: { type: 'string' }, rank: { type: 'integer' } } };
    const config = { responseMimeType: 'application/json', responseJsonSchema };

    const response = await client.models.generateContent({ ...ASK, config });

    expect(JSON.parse(response.text ?? '')).toEqual({ word: 'sample word', rank: 1 });
  });

  test('embeddings are billed, counting tokens is not', async () => {
    const embedded = await client.models.embedContent({
      model: 'gemini-embedding-001',
      contents: ['rain', 'sun'],
      config: { outputDimensionality: 4 },
    });
    const counted = await client.models.countTokens({ model: 'gemini-2.5-flash', contents: 'rain' });

    expect(embedded.embeddings?.map(({ values }) => values?.length)).toEqual([4, 4]);
    expect(embedded.usageMetadata?.promptTokenCount).toBe(server.ledger[0]?.usage.input);
    expect(counted.totalTokens).toBe(server.ledger[1]?.usage.input);
    expect(server.ledger).toMatchObject([
      { endpoint: 'google.embed', billed: true, usageSent: true, usage: { output: 0 } },
      { endpoint: 'google.count_tokens', billed: false },
    ]);
  });

  test('errors have the shape of google.rpc.Status, plain and in the middle of a stream', async () => {
    server.script([
      { calls: 1, reply: { status: 429 } },
      { reply: { text: 'one two three four five six', errorAfterChunks: 1 } },
    ]);

    const refused = await client.models.generateContent(ASK).catch((error: unknown) => error);
    const stream = await client.models.generateContentStream(ASK);
    const broken = await collect(stream).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: 429, message: expect.stringContaining('RESOURCE_EXHAUSTED') });
    expect(broken).toBeInstanceOf(ApiError);
    expect(broken).toMatchObject({ status: 500, message: expect.stringContaining('INTERNAL') });
    expect(server.ledger.map(({ outcome }) => outcome)).toEqual(['refused', 'failed']);
  });

  test('an answer that goes on is fetched by the client in two calls, and their usage is summed', async () => {
    server.script([
      { calls: 1, reply: { text: 'Regen fällt', continues: true, usage: { input: 10, output: 3 } } },
      { reply: { text: ' überall.', usage: { input: 13, output: 4 } } },
    ]);

    const response = await client.models.generateContent(ASK);

    expect(response.text).toBe('Regen fällt überall.');
    expect(response.usageMetadata).toMatchObject({ promptTokenCount: 23, candidatesTokenCount: 7 });
    expect(server.totals()).toMatchObject({ calls: 2, input: 23, output: 7 });
  });

  test('paths of Vertex AI name the model at their end', async () => {
    const path = '/v1beta1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro:generateContent';

    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }),
    });

    expect(response.status).toBe(200);
    expect(server.ledger[0]).toMatchObject({ endpoint: 'google.generate', model: 'gemini-2.5-pro' });
  });
});
