// A graph of two agents in one session, and one agent that streams in another.
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { MessagesAnnotation, StateGraph } from '@langchain/langgraph';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const lookUp = tool(() => 'an order', { name: 'lookUp', description: 'Finds an order.', schema: z.object({}) });
const agent = (name, session) =>
  createReactAgent({
    llm: new ChatOpenAI({ model: 'gpt-4.1', apiKey: 'none', configuration: { baseURL: process.env.OPENAI_URL } }),
    tools: [lookUp],
    // It had other names over time.
    [process.env.PROMPT_OPTION]: `[agent:${name}] [session:${session}]`,
  });
const question = { messages: [{ role: 'user', content: 'Hello' }] };
const team = new StateGraph(MessagesAnnotation)
  .addNode('Planner', agent('Planner', 's-1'))
  .addNode('Writer', agent('Writer', 's-1'))
  .addEdge('__start__', 'Planner')
  .addEdge('Planner', 'Writer')
  .addEdge('Writer', '__end__')
  .compile();
await team.invoke(question, { configurable: { thread_id: 's-1' } });
const single = new StateGraph(MessagesAnnotation)
  .addNode('Editor', agent('Editor', 's-2'))
  .addEdge('__start__', 'Editor')
  .addEdge('Editor', '__end__')
  .compile();
const options = { configurable: { thread_id: 's-2' }, streamMode: 'values' };
for await (const state of await single.stream(question, options)) state.messages.at(0);
console.log('asked');
