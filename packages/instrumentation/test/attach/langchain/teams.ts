import { MemorySaver } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { createSupervisor } from '@langchain/langgraph-supervisor';
import { createHandoffTool, createSwarm } from '@langchain/langgraph-swarm';
import { ChatOpenAI, type ChatOpenAIFields } from '@langchain/openai';
import type { ModelServer, Rule } from '@turnmeter/model-server';
import { createAgent, tool, type ReactAgent } from 'langchain';
import { z } from 'zod';

/** What a graph or an agent of any state is asked by. */
export interface Askable {
  invoke(input: unknown, config?: object): Promise<unknown>;
}

/** A chat model that asks the server. */
export function chatModel(server: ModelServer, fields: ChatOpenAIFields = {}): ChatOpenAI {
  return new ChatOpenAI({ model: 'gpt-4.1', apiKey: 'test', configuration: { baseURL: server.openaiUrl }, ...fields });
}

/** A prompt by which the server's ledger knows whose call it is. */
export function promptOf(agent: string, session: string): string {
  return `You are ${agent}. [agent:${agent}][session:${session}]`;
}

/** What the user says, and in which session. */
export function ask(text: string = 'Hello'): { messages: { role: 'user'; content: string }[] } {
  return { messages: [{ role: 'user', content: text }] };
}

export function inThread(session: string): { configurable: { thread_id: string } } {
  return { configurable: { thread_id: session } };
}

/** A tool that needs no model. */
export const add = tool(({ a, b }: { a: number; b: number }) => String(a + b), {
  name: 'add',
  description: 'Adds two numbers.',
  schema: z.object({ a: z.number(), b: z.number() }),
});

export const ADD_CALL = { toolCalls: [{ name: 'add', arguments: { a: 1, b: 2 } }] } as const;

/** An agent as LangChain 1 makes it. */
export function agentOf(server: ModelServer, name: string, session: string): ReactAgent {
  const systemPrompt = promptOf(name, session);
  return createAgent({ model: chatModel(server), tools: [add], systemPrompt, name });
}

/** A supervisor that asks Alice, who adds, then Bob, and answers itself. */
export function supervisorOf(server: ModelServer, session: string): Askable {
  const worker = (name: string): Askable =>
    createReactAgent({
      llm: chatModel(server),
      tools: [add],
      prompt: promptOf(name, session),
      name,
    });
  return createSupervisor({
    agents: [worker('Alice'), worker('Bob')] as never,
    llm: chatModel(server),
    prompt: promptOf('Chief', session),
    supervisorName: 'Chief',
  }).compile({ checkpointer: new MemorySaver() });
}

export function supervisorScript(session: string): Rule[] {
  return [
    { session, agent: 'Chief', reply: [{ handoffTo: 'Alice' }, { handoffTo: 'Bob' }, { text: 'Done.' }] },
    { session, agent: 'Alice', reply: [ADD_CALL, { text: 'Three.' }] },
    { session, agent: 'Bob', reply: { text: 'Agreed.' } },
  ];
}

/** A swarm in which Alice passes on to Bob and Bob back to Alice. */
export function swarmOf(server: ModelServer, session: string): Askable {
  const member = (name: string, other: string): Askable =>
    createReactAgent({
      llm: chatModel(server),
      tools: [add, createHandoffTool({ agentName: other })],
      prompt: promptOf(name, session),
      name,
    });
  return createSwarm({
    agents: [member('Alice', 'Bob'), member('Bob', 'Alice')] as never,
    defaultActiveAgent: 'Alice',
  }).compile({ checkpointer: new MemorySaver() });
}

export function swarmScript(session: string): Rule[] {
  return [
    { session, agent: 'Alice', reply: [{ handoffTo: 'Bob' }, { text: 'Bye.' }] },
    { session, agent: 'Bob', reply: { handoffTo: 'Alice' } },
  ];
}
