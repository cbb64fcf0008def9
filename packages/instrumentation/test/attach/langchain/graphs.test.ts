import {
  Command,
  entrypoint,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  Send,
  START,
  StateGraph,
  task,
} from '@langchain/langgraph';
import { createReactAgent, ToolNode } from '@langchain/langgraph/prebuilt';
import type { AIMessage } from '@langchain/core/messages';
import { describe, expect, it } from 'vitest';
import { withSession } from '../../../src/index.ts';
import { OpenTurn } from '../../../src/emit/turn.ts';
import { expectSpendingOf } from '../spending.ts';
import { spanTree } from '../span-tree.ts';
import { attachEach, sessionOf, WITNESSES, type Attached } from './attached.ts';
import { add, ADD_CALL, agentOf, ask, chatModel, inThread, promptOf } from './teams.ts';

type State = typeof MessagesAnnotation.State;

/** A node that asks a model and adds its answer. */
function speaker({ server }: Attached, agent: string, session: string): (state: State) => Promise<Partial<State>> {
  const model = chatModel(server);
  return async ({ messages }) => ({
    messages: [await model.invoke([{ role: 'system', content: promptOf(agent, session) }, ...messages])],
  });
}

describe.each(WITNESSES)('hand-written graphs (clients attached to: $clients)', (witnesses) => {
  const attached = attachEach(witnesses);

  it('have a turn for each node that asks a model, and none for the others', async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('planner', speaker(attached, 'planner', 'g-1'))
      .addNode('save', () => ({}))
      .addNode('writer', speaker(attached, 'writer', 'g-1'))
      .addEdge(START, 'planner')
      .addEdge('planner', 'save')
      .addConditionalEdges('save', () => 'writer')
      .compile({ name: 'essay' });
    await graph.invoke(ask(), inThread('g-1'));
    await expectSpendingOf(attached.server, attached.recording);
    expect(spanTree(attached.recording)).toEqual([
      'invoke_workflow essay',
      'invoke_workflow essay > invoke_agent planner',
      'invoke_workflow essay > invoke_agent planner > chat gpt-4.1',
      'invoke_workflow essay > invoke_agent writer',
      'invoke_workflow essay > invoke_agent writer > chat gpt-4.1',
    ]);
    expect(sessionOf('g-1')).toMatchObject({ workflow: 'essay', turns: 2, handoffs: 1 });
  });

  it('with branches in parallel keep each branch’s calls apart', async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('left', speaker(attached, 'left', 'g-2'))
      .addNode('right', speaker(attached, 'right', 'g-2'))
      .addNode('judge', speaker(attached, 'judge', 'g-2'))
      .addEdge(START, 'left')
      .addEdge(START, 'right')
      .addEdge('left', 'judge')
      .addEdge('right', 'judge')
      .compile();
    await graph.invoke(ask(), inThread('g-2'));
    await expectSpendingOf(attached.server, attached.recording);
    expect(sessionOf('g-2')).toMatchObject({ turns: 3, inferences: 3 });
  });

  it('with graphs in nodes have the turns of whoever is nearest to the call', async () => {
    const { server } = attached;
    const drafts = new StateGraph(MessagesAnnotation)
      .addNode('draft', speaker(attached, 'draft', 'g-3'))
      .addEdge(START, 'draft')
      .compile();
    const unnamed = createReactAgent({ llm: chatModel(server), tools: [add], prompt: promptOf('checker', 'g-3') });
    const named = agentOf(server, 'Critic', 'g-3');
    server.script([{ agent: 'checker', reply: [ADD_CALL, { text: 'Three.' }] }]);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('team', drafts)
      .addNode('checker', unnamed)
      .addNode('review', async (state) => ({ messages: (await named.invoke(state)).messages.slice(-1) }))
      .addEdge(START, 'team')
      .addEdge('team', 'checker')
      .addEdge('checker', 'review')
      .compile();
    await graph.invoke(ask(), inThread('g-3'));
    await expectSpendingOf(server, attached.recording);
    expect(sessionOf('g-3')).toMatchObject({
      turns: 3,
      handoffs: 2,
      toolCalls: 1,
      agents: { draft: { turns: 1 }, checker: { turns: 1, toolCalls: 1 }, Critic: { turns: 1 } },
    });
  });

  it('with a node that only runs tools leave them to whoever asked', async () => {
    const { server } = attached;
    const model = chatModel(server).bindTools([add]);
    server.script([{ agent: 'thinker', reply: [ADD_CALL, { text: 'Three.' }] }]);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('thinker', async ({ messages }) => ({
        messages: [await model.invoke([{ role: 'system', content: promptOf('thinker', 'g-4') }, ...messages])],
      }))
      .addNode('hands', new ToolNode([add]))
      .addEdge(START, 'thinker')
      .addConditionalEdges('thinker', ({ messages }) =>
        (messages.at(-1) as AIMessage).tool_calls?.length === 0 ? '__end__' : 'hands',
      )
      .addEdge('hands', 'thinker')
      .compile();
    await graph.invoke(ask(), inThread('g-4'));
    await expectSpendingOf(server, attached.recording);
    // The thinker's node ran twice, before and after its tool; it went on itself, which is no handoff.
    expect(sessionOf('g-4')).toMatchObject({
      turns: 2,
      handoffs: 0,
      agents: { thinker: { turns: 2, toolCalls: 1 } },
    });
  });

  it('that send by a command hand over once', async () => {
    const planner = speaker(attached, 'planner', 'g-5');
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('planner', async (state: State) => new Command({ goto: 'writer', update: await planner(state) }), {
        ends: ['writer'],
      })
      .addNode('writer', speaker(attached, 'writer', 'g-5'))
      .addEdge(START, 'planner')
      .compile();
    await graph.invoke(ask(), inThread('g-5'));
    await expectSpendingOf(attached.server, attached.recording);
    expect(sessionOf('g-5')).toMatchObject({ turns: 2, handoffs: 1 });
    expect(await attached.recording.metric('turnmeter.handoffs')).toBe(1);
  });

  it('that wait for a person and go on are one session and no error', async () => {
    const { server, recording } = attached;
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('writer', speaker(attached, 'writer', 'g-6'))
      .addNode('approve', () => {
        interrupt('Is it good?');
        return {};
      })
      .addNode('editor', speaker(attached, 'editor', 'g-6'))
      .addEdge(START, 'writer')
      .addEdge('writer', 'approve')
      .addEdge('approve', 'editor')
      .compile({ checkpointer: new MemorySaver() });
    await graph.invoke(ask(), inThread('g-6'));
    expect(sessionOf('g-6')).toMatchObject({ turns: 1, isRunning: false });
    await graph.invoke(new Command({ resume: 'yes' }), inThread('g-6'));
    await expectSpendingOf(server, recording);
    expect(sessionOf('g-6')).toMatchObject({ turns: 2, handoffs: 1, errors: 0 });
    expect(recording.spans().filter(({ attributes }) => 'error.type' in attributes)).toEqual([]);
  });

  it('that never come to an end fail as LangGraph says', async () => {
    const { server, recording } = attached;
    server.script([{ reply: ADD_CALL }]);
    const agent = createReactAgent({ llm: chatModel(server), tools: [add], prompt: promptOf('agent', 'g-7') });
    await expect(agent.invoke(ask(), { ...inThread('g-7'), recursionLimit: 4 })).rejects.toThrow('Recursion limit');
    await expectSpendingOf(server, recording);
    expect(recording.span('invoke_workflow').attributes['error.type']).toBe('GraphRecursionError');
    expect(sessionOf('g-7')).toMatchObject({ turns: 1, isRunning: false });
  });

  it('that the caller aborts are stopped, not failed', async () => {
    const { server, recording } = attached;
    server.script([{ reply: { hang: true } }]);
    const controller = new AbortController();
    const answer = agentOf(server, 'Writer', 'g-8').invoke(ask(), { ...inThread('g-8'), signal: controller.signal });
    await expect.poll(() => server.ledger.length, { timeout: 5000 }).toBe(1);
    controller.abort();
    await expect(answer).rejects.toThrow('aborted');
    await expect.poll(() => recording.spans().length, { timeout: 5000 }).toBe(3);
    expect(recording.span('invoke_agent Writer').attributes['turnmeter.turn.outcome']).toBe('stopped');
    expect(recording.span('invoke_workflow Writer').attributes['error.type']).toBeUndefined();
    expect(sessionOf('g-8')).toMatchObject({ turns: 1, isRunning: false });
  });

  it('whose reader leaves in the middle end there', async () => {
    const { server, recording } = attached;
    server.script([{ reply: { text: 'One two three four five six.', chunks: 6, chunkDelayMs: 20 } }]);
    const agent = agentOf(server, 'Writer', 'g-10');
    for await (const _ of await agent.stream(ask(), { ...inThread('g-10'), streamMode: 'messages' })) break;
    await expect.poll(() => recording.spans().length, { timeout: 5000 }).toBe(3);
    expect(recording.span('invoke_agent Writer').attributes['turnmeter.turn.outcome']).toBe('stopped');
    expect(sessionOf('g-10')).toMatchObject({ turns: 1, isRunning: false });
  });

  it('that send the same work to a node many times have a turn for each', async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('plan', () => ({}))
      .addNode('worker', speaker(attached, 'worker', 'g-11'))
      .addEdge(START, 'plan')
      .addConditionalEdges('plan', (state) => [1, 2, 3].map(() => new Send('worker', state)))
      .compile();
    await graph.invoke(ask(), inThread('g-11'));
    await expectSpendingOf(attached.server, attached.recording);
    expect(sessionOf('g-11')).toMatchObject({ turns: 3, handoffs: 0, agents: { worker: { turns: 3 } } });
  });

  it('as functions have a turn for each task and for the function itself, where they ask a model', async () => {
    const { server, recording } = attached;
    const askAs = (agent: string) => async (text: string) => {
      const answer = await chatModel(server).invoke([
        { role: 'system', content: promptOf(agent, 'g-12') },
        { role: 'user', content: text },
      ]);
      return answer.text;
    };
    const plan = task('plan', askAs('plan'));
    const story = entrypoint({ name: 'story' }, async (topic: string) => askAs('story')(await plan(topic)));
    await story.invoke('Rain', inThread('g-12'));
    await expectSpendingOf(server, recording);
    expect(sessionOf('g-12')).toMatchObject({ workflow: 'story', turns: 2, agents: { plan: {}, story: {} } });
  });

  it('of an app that says session and workflow are that session’s', async () => {
    const { server, recording } = attached;
    await withSession({ session: 'mine', workflow: 'support', tenant: 'acme' }, () =>
      agentOf(server, 'Writer', 'mine').invoke(ask(), inThread('a thread of its own')),
    );
    expect(recording.spans().map(({ attributes }) => attributes['gen_ai.conversation.id'])).toEqual(
      Array.from({ length: 3 }, () => 'mine'),
    );
    expect(recording.span('invoke_workflow support').attributes).toMatchObject({ 'turnmeter.tenant.id': 'acme' });
  });

  it('that a hand-written chat asks in an agent’s turn are that turn', async () => {
    const { server, recording } = attached;
    const agent = agentOf(server, 'Writer', 'g-9');
    await withSession({ session: 'g-9' }, async () => {
      const turn = new OpenTurn({ agent: 'Writer' });
      await turn.run(() => agent.invoke(ask()));
      turn.end();
    });
    await expectSpendingOf(server, recording);
    expect(spanTree(recording)).toEqual(['invoke_agent Writer', 'invoke_agent Writer > chat gpt-4.1']);
    expect(sessionOf('g-9')).toMatchObject({ turns: 1 });
  });

  it('without a session have turns and handoffs all the same', async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('planner', speaker(attached, 'planner', '-'))
      .addNode('writer', speaker(attached, 'writer', '-'))
      .addEdge(START, 'planner')
      .addEdge('planner', 'writer')
      .compile();
    await graph.invoke(ask());
    expect(await attached.recording.metric('turnmeter.handoffs', { from: 'planner', to: 'writer' })).toBe(1);
    expect(await attached.recording.metric('turnmeter.turns')).toBe(2);
  });
});
