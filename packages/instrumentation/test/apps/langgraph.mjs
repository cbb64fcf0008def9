// An agent with a tool, and a model asked without any graph; nothing here knows of telemetry.
import { ChatOpenAI } from '@langchain/openai';
import { createAgent, tool } from 'langchain';

const model = new ChatOpenAI({
  model: 'gpt-4.1',
  apiKey: 'test',
  configuration: { baseURL: process.env.MODEL_URL },
});
const add = tool(({ a, b }) => String(a + b), {
  name: 'add',
  description: 'Adds two numbers.',
  schema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
});
const agent = createAgent({ model, tools: [add], systemPrompt: '[agent:Writer][session:s-1]', name: 'Writer' });
const question = { messages: [{ role: 'user', content: 'Hello' }] };
for await (const _ of await agent.stream(question, { configurable: { thread_id: 's-1' }, streamMode: 'messages' }));
await model.invoke('Hello');
console.log('answered');
