import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import * as ai from 'ai-6';
import { generateText, stepCountIs, tool, ToolLoopAgent, type LanguageModel } from 'ai-6';
import { createOpenAI } from 'ai-sdk-openai-3';
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

const responses = (): LanguageModel => createOpenAI({ baseURL: server.openaiUrl, apiKey: 'none' })('gpt-5-mini');
const chat = (): LanguageModel => createOpenAI({ baseURL: server.openaiUrl, apiKey: 'none' }).chat('gpt-5-mini');

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
        system: tags(name, session),
        prompt: `Report on the ${beat}`,
        tools: { lookUp },
        stopWhen: stepCountIs(5),
        experimental_telemetry: { functionId: name },
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
  ['responses', responses],
  ['chat', chat],
])('a team of agents of the SDK 6 (%s)', (_, modelOf) => {
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
        handoffs: 0,
        agents: { Editor: { turns: 1, toolCalls: 2 }, 'Reporter-sea': { turns: 1, toolCalls: 1 } },
      });
      const editor = 'invoke_agent Editor';
      const ask = `${editor} > execute_tool askReporter`;
      const reporter = (beat: string): readonly string[] => [
        `${ask} > invoke_agent Reporter-${beat}`,
        `${ask} > invoke_agent Reporter-${beat} > chat gpt-5-mini`,
        `${ask} > invoke_agent Reporter-${beat} > chat gpt-5-mini`,
        `${ask} > invoke_agent Reporter-${beat} > execute_tool lookUp`,
      ];
      const calls = [`${editor} > chat gpt-5-mini`, `${editor} > chat gpt-5-mini`, ask, ask];
      expect(spanTree(recording)).toEqual([editor, ...calls, ...reporter('sea'), ...reporter('sky')].sort());
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

describe('a call of the SDK 6', () => {
  it('belongs to the session that its metadata name', async () => {
    const system = tags('Writer', 'm-1');
    await generateText({
      model: chat(),
      system,
      prompt: 'Write',
      experimental_telemetry: { functionId: 'Writer', metadata: { sessionId: 'm-1', userId: 'ada' } },
    });
    await expectSpendingOf(server, recording);
    expect(findSession('m-1')).toMatchObject({ turns: 1, user: 'ada' });
  });

  it('has failed when an agent’s call of it has', async () => {
    server.script(() => ({ status: 400 }));
    const agent = new ToolLoopAgent({ id: 'Writer', model: chat() });
    await expect(withSession({ session: 's-1' }, () => agent.generate({ prompt: 'Write' }))).rejects.toThrow(
      'Invalid request',
    );
    expect(findSession('s-1')).toMatchObject({ errors: 1, turns: 1 });
    expect(recording.span('invoke_agent Writer').attributes).toMatchObject({
      'error.type': 'APICallError',
      'turnmeter.turn.outcome': 'failed',
    });
  });
});
