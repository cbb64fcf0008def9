import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { createAgent, tool } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectSpendingOf } from '../spending.ts';
import { spanTree } from '../span-tree.ts';
import { attachEach, sessionOf, WITNESSES } from './attached.ts';
import {
  add,
  ADD_CALL,
  agentOf,
  ask,
  chatModel,
  inThread,
  promptOf,
  supervisorOf,
  supervisorScript,
  swarmOf,
  swarmScript,
} from './teams.ts';

describe.each(WITNESSES)('agents (clients attached to: $clients)', (witnesses) => {
  const attached = attachEach(witnesses);

  it('createAgent is a run and a turn, with its tools and model calls in it', async () => {
    const { server, recording } = attached;
    server.script([{ agent: 'Writer', reply: [ADD_CALL, { text: 'Three.' }] }]);
    await agentOf(server, 'Writer', 's-1').invoke(ask(), inThread('s-1'));
    await expectSpendingOf(server, recording);
    expect(spanTree(recording)).toEqual([
      'invoke_workflow Writer',
      'invoke_workflow Writer > invoke_agent Writer',
      'invoke_workflow Writer > invoke_agent Writer > chat gpt-4.1',
      'invoke_workflow Writer > invoke_agent Writer > chat gpt-4.1',
      'invoke_workflow Writer > invoke_agent Writer > execute_tool add',
    ]);
    expect(sessionOf('s-1')).toMatchObject({
      workflow: 'Writer',
      turns: 1,
      handoffs: 0,
      toolCalls: 1,
      inferences: 2,
      isRunning: false,
    });
  });

  it('createReactAgent without a name is called agent, in a workflow without a name', async () => {
    const { server, recording } = attached;
    server.script([{ reply: [ADD_CALL, { text: 'Three.' }] }]);
    const prompt = promptOf('agent', 's-2');
    await createReactAgent({ llm: chatModel(server), tools: [add], prompt }).invoke(ask(), inThread('s-2'));
    await expectSpendingOf(server, recording);
    expect(sessionOf('s-2')).toMatchObject({ workflow: undefined, turns: 1, toolCalls: 1, inferences: 2 });
  });

  it('agents that tools ask speak for themselves, with the caller’s config and without it', async () => {
    const { server, recording } = attached;
    const writer = agentOf(server, 'Writer', 's-3');
    const question = z.object({ question: z.string() });
    const withConfig = tool(
      async (input: z.infer<typeof question>, config) => {
        const { messages } = await writer.invoke(ask(input.question), config as object);
        return messages.at(-1)?.text ?? '';
      },
      { name: 'ask_writer', description: 'Asks the writer.', schema: question },
    );
    const withoutConfig = tool(
      async (input: z.infer<typeof question>) => {
        const { messages } = await writer.invoke(ask(input.question));
        return messages.at(-1)?.text ?? '';
      },
      { name: 'ask_writer_again', description: 'Asks the writer again.', schema: question },
    );
    server.script([
      {
        agent: 'Chief',
        reply: [
          {
            toolCalls: [
              { name: 'ask_writer', arguments: { question: 'a' } },
              { name: 'ask_writer_again', arguments: { question: 'b' } },
            ],
          },
          { text: 'Done.' },
        ],
      },
      { agent: 'Writer', reply: [ADD_CALL, { text: 'Three.' }] },
    ]);
    const chief = createAgent({
      model: chatModel(server),
      tools: [withConfig, withoutConfig],
      systemPrompt: promptOf('Chief', 's-3'),
      name: 'Chief',
    });
    await chief.invoke(ask(), inThread('s-3'));
    await expectSpendingOf(server, recording);
    // The Chief asks once, both tools at the same time, and the Writer answers each in a turn of its own: 3 turns; asking is not handing over.
    expect(sessionOf('s-3')).toMatchObject({
      turns: 3,
      handoffs: 0,
      agents: { Chief: { turns: 1, toolCalls: 2 }, Writer: { turns: 2 } },
    });
    const paths = spanTree(recording);
    expect(paths).toContain(
      'invoke_workflow Chief > invoke_agent Chief > execute_tool ask_writer > invoke_agent Writer > chat gpt-4.1',
    );
    expect(paths).toContain(
      'invoke_workflow Chief > invoke_agent Chief > execute_tool ask_writer_again > invoke_agent Writer > chat gpt-4.1',
    );
  });

  it('a supervisor’s agents take turns, each node with its graph being one', async () => {
    const { server, recording } = attached;
    server.script(supervisorScript('s-4'));
    await supervisorOf(server, 's-4').invoke(ask(), inThread('s-4'));
    await expectSpendingOf(server, recording);
    // Chief, Alice, Chief, Bob, Chief: 5 turns, and each change of speaker is a handoff: 4. Tools: transfer, add, transfer.
    expect(sessionOf('s-4')).toMatchObject({
      turns: 5,
      handoffs: 4,
      toolCalls: 3,
      inferences: 6,
      errors: 0,
      agents: { Chief: { turns: 3, toolCalls: 2 }, Alice: { turns: 1, toolCalls: 1 }, Bob: { turns: 1 } },
    });
    expect(await recording.metric('turnmeter.handoffs', { from: 'Chief', to: 'Alice' })).toBe(1);
    expect(await recording.metric('turnmeter.handoffs', { from: 'Alice', to: 'Chief' })).toBe(1);
  });

  it('a swarm’s handoffs count once each and are no errors', async () => {
    const { server, recording } = attached;
    server.script(swarmScript('s-5'));
    const swarm = swarmOf(server, 's-5');
    await swarm.invoke(ask(), inThread('s-5'));
    // Alice, Bob, Alice: 3 turns, 2 handoffs.
    expect(sessionOf('s-5')).toMatchObject({ turns: 3, handoffs: 2, toolCalls: 2, inferences: 3, errors: 0 });
    expect(recording.spans().filter(({ attributes }) => attributes['error.type'] !== undefined)).toEqual([]);
    const [alice] = recording.spans().filter(({ name }) => name === 'invoke_agent Alice');
    expect(alice?.attributes['turnmeter.handoff.to.agent.name']).toBe('Bob');
    // Alice is the active agent still: she goes on where she was.
    await swarm.invoke(ask('And now?'), inThread('s-5'));
    expect(sessionOf('s-5')).toMatchObject({ turns: 4, handoffs: 2 });
    await expectSpendingOf(server, recording);
  });

  it('many sessions at once are kept apart', async () => {
    const { server, recording } = attached;
    const sessions = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5', 'p-6'];
    server.script(sessions.flatMap((session, index) => (index % 2 === 0 ? supervisorScript : swarmScript)(session)));
    await Promise.all(
      sessions.map((session, index) =>
        (index % 2 === 0 ? supervisorOf : swarmOf)(server, session).invoke(ask(), inThread(session)),
      ),
    );
    expect(server.totals().calls).toBe(3 * 6 + 3 * 3);
    await expectSpendingOf(server, recording);
    for (const [index, session] of sessions.entries()) {
      expect(sessionOf(session)).toMatchObject(index % 2 === 0 ? { turns: 5, handoffs: 4 } : { turns: 3, handoffs: 2 });
    }
  });
});
