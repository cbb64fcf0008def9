import { Annotation, START, StateGraph } from '@langchain/langgraph';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { currentSession } from '../../../src/index.ts';
import { expectSpendingOf } from '../spending.ts';
import { attachEach, sessionOf } from './attached.ts';
import { chatModel, inThread, promptOf } from './teams.ts';

describe('code of a node', () => {
  const attached = attachEach({ clients: true });

  it('that only looks at its session’s figures does not speak', async () => {
    const graph = new StateGraph(Annotation.Root({ text: Annotation<string> }))
      .addNode('look', () => ({ text: currentSession()?.session ?? 'none' }))
      .addEdge(START, 'look')
      .compile();
    expect(await graph.invoke({ text: '' }, inThread('c-2'))).toEqual({ text: 'c-2' });
    expect(sessionOf('c-2')).toMatchObject({ turns: 0 });
  });

  it('that asks a client itself is that agent', async () => {
    const { server, recording } = attached;
    const client = new OpenAI({ apiKey: 'test', baseURL: server.openaiUrl });
    const askClient = (agent: string) =>
      client.chat.completions.create({
        model: 'gpt-4.1-mini',
        messages: [{ role: 'system', content: promptOf(agent, 'c-1') }],
      });
    const graph = new StateGraph(Annotation.Root({ text: Annotation<string> }))
      .addNode('planner', async () => {
        await askClient('planner');
        return { text: currentSession()?.session ?? 'none' };
      })
      .addNode('writer', async ({ text }) => {
        // Both at once: a model of LangChain's and the client itself, asked for the same model.
        await Promise.all([
          chatModel(server, { model: 'gpt-4.1-mini' }).invoke([{ role: 'system', content: promptOf('writer', 'c-1') }]),
          askClient('writer'),
        ]);
        return { text };
      })
      .addEdge(START, 'planner')
      .addEdge('planner', 'writer')
      .compile();
    expect(await graph.invoke({ text: '' }, inThread('c-1'))).toEqual({ text: 'c-1' });
    expect(server.totals().calls).toBe(3);
    await expectSpendingOf(server, recording);
    expect(sessionOf('c-1')).toMatchObject({ turns: 2, inferences: 3 });
  });
});
