import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import * as ai from 'ai';
import {
  embed,
  embedMany,
  generateObject,
  generateText,
  stepCountIs,
  streamObject,
  tool,
  ToolLoopAgent,
  type LanguageModel,
} from 'ai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AiSdkInstrumentation, findSession, withSession } from '../../../src/index.ts';
import { record, type Recording } from '../../recording.ts';
import { spanTree } from '../span-tree.ts';
import { expectSpendingOf } from '../spending.ts';
import { newsroomScript, tags } from './newsroom.ts';

let server: ModelServer;
let recording: Recording;
let instrumentation: AiSdkInstrumentation;
beforeAll(async () => {
  server = await startModelServer();
});
beforeEach(() => {
  server.script(newsroomScript);
  recording = record();
  instrumentation = new AiSdkInstrumentation();
  instrumentation.attach(ai);
});
afterEach(async () => {
  instrumentation.disable();
  await recording[Symbol.asyncDispose]();
  server.clearLedger();
});
afterAll(async () => {
  await server.close();
});

const openai = (model = 'gpt-5-mini'): LanguageModel =>
  createOpenAI({ baseURL: server.openaiUrl, apiKey: 'none' })(model);
const chat = (model = 'gpt-5-mini'): LanguageModel =>
  createOpenAI({ baseURL: server.openaiUrl, apiKey: 'none' }).chat(model);
const anthropic = (model = 'claude-sonnet-4-5'): LanguageModel =>
  createAnthropic({ baseURL: `${server.anthropicUrl}/v1`, apiKey: 'none' })(model);

function newsroom(
  model: LanguageModel,
  session: string,
): { generate: () => Promise<string>; stream: () => Promise<string> } {
  const lookUp = tool({
    description: 'Looks up',
    inputSchema: z.object({ what: z.string() }),
    execute: ({ what }) => `${what} found`,
  });
  const askReporter = tool({
    description: 'Asks a reporter',
    inputSchema: z.object({ beat: z.string() }),
    async execute({ beat }) {
      const name = `Reporter-${beat}`;
      const { text } = await generateText({
        model,
        instructions: tags(name, session),
        prompt: `Report on the ${beat}`,
        tools: { lookUp },
        stopWhen: stepCountIs(5),
        telemetry: { functionId: name },
      });
      return text;
    },
  });
  const editor = new ToolLoopAgent({
    id: 'Editor',
    model,
    instructions: tags('Editor', session),
    tools: { askReporter },
  });
  return {
    generate: async () => (await editor.generate({ prompt: 'News?' })).text,
    stream: async () => (await editor.stream({ prompt: 'News?' })).text,
  };
}

describe.each([
  ['OpenAI responses', openai],
  ['OpenAI chat', chat],
  ['Anthropic', anthropic],
])('a team of agents on %s', (_, modelOf) => {
  describe.each(['generate', 'stream'] as const)('asked by %s()', (method) => {
    it('has the tokens, turns and tools that there were', async () => {
      const text = await withSession({ session: 's-1', workflow: 'news' }, () => newsroom(modelOf(), 's-1')[method]());
      expect(text).toBe('Editor is done.');
      // The Editor asks twice; each of two reporters asks twice.
      expect(server.totals().calls).toBe(6);
      await expectSpendingOf(server, recording);
      expect(findSession('s-1')).toMatchObject({
        turns: 3,
        toolCalls: 4,
        // Reporters are asked from within the Editor's turn, which is no handing over.
        handoffs: 0,
        agents: { Editor: { turns: 1, toolCalls: 2 }, 'Reporter-sea': { turns: 1, toolCalls: 1 } },
      });
      const model = recording.spans().find(({ name }) => name.startsWith('chat '))?.name;
      const editor = 'invoke_agent Editor';
      const ask = `${editor} > execute_tool askReporter`;
      const reporter = (beat: string): readonly string[] => [
        `${ask} > invoke_agent Reporter-${beat}`,
        `${ask} > invoke_agent Reporter-${beat} > ${model}`,
        `${ask} > invoke_agent Reporter-${beat} > ${model}`,
        `${ask} > invoke_agent Reporter-${beat} > execute_tool lookUp`,
      ];
      expect(spanTree(recording)).toEqual(
        [
          editor,
          `${editor} > ${model}`,
          `${editor} > ${model}`,
          ask,
          ask,
          ...reporter('sea'),
          ...reporter('sky'),
        ].sort(),
      );
    });
  });

  it('is one of many at once', async () => {
    const sessions = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'];
    await Promise.all(
      sessions.map((session, index) =>
        withSession({ session }, () => newsroom(modelOf(), session)[index % 2 === 0 ? 'generate' : 'stream']()),
      ),
    );
    expect(server.totals().calls).toBe(30);
    await expectSpendingOf(server, recording);
  });
});

describe('the SDK 7', () => {
  it('counts objects and embeddings', async () => {
    server.script(() => ({}));
    const schema = z.object({ title: z.string() });
    const embedding = createOpenAI({ baseURL: server.openaiUrl, apiKey: 'none' }).embedding('text-embedding-3-small');
    await withSession({ session: 's-1' }, async () => {
      await generateObject({ model: openai(), schema, prompt: 'A title [session:s-1]' });
      const { partialObjectStream, object } = streamObject({
        model: openai(),
        schema,
        prompt: 'A title [session:s-1]',
      });
      for await (const _ of partialObjectStream);
      await object;
      await generateText({ model: openai(), prompt: 'A title [session:s-1]', output: ai.Output.object({ schema }) });
      await embed({ model: embedding, value: 'sea [session:s-1]' });
      await embedMany({ model: embedding, values: ['sea [session:s-1]', 'sky'], maxParallelCalls: 2 });
    });
    expect(server.totals().calls).toBe(5);
    expect(findSession('s-1')).toMatchObject({
      inferences: 5,
      inferencesWithoutUsage: 0,
      tokens: { input: server.totals().input, output: server.totals().output },
    });
    expect(recording.spans().map(({ name }) => name)).toEqual([
      'chat gpt-5-mini',
      'chat gpt-5-mini',
      'chat gpt-5-mini',
      'embeddings text-embedding-3-small',
      'embeddings text-embedding-3-small',
    ]);
  });
});
