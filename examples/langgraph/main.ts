// LangGraph: a Supervisor gives work to a Researcher, a Writer and a Critic until the text is done.
//
// npm run -s example -- langgraph
// npm run -s example -- langgraph "The history of tea"
//
// In an app of your own: node --import @turnmeter/instrumentation/register main.ts

import { randomUUID } from 'node:crypto';
import { MemorySaver } from '@langchain/langgraph';
import { createSupervisor } from '@langchain/langgraph-supervisor';
import { ChatOpenAI } from '@langchain/openai';
import { createAgent, tool, type ReactAgent } from 'langchain';
import { z } from 'zod';
import { sessionReport } from '../session-report.ts';
import { startModel } from '../start-model.ts';

const [topic = 'Tides'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const session = randomUUID();
const model = await startModel();

const lookUp = tool(({ topic: wanted }) => `${wanted}: twice a day, by the moon and the sun.`, {
  name: 'look_up',
  description: 'Finds facts on a topic.',
  schema: z.object({ topic: z.string() }),
});
const researcher = createAgent({
  name: 'Researcher',
  model: chatModel('gpt-5-mini'),
  systemPrompt: prompt('Researcher', 'You look up what the Writer has to know.'),
  tools: [lookUp],
});
const writer = agent('Writer', 'You write a short text, or write it anew as the Critic says.');
const critic = agent('Critic', 'You say what is wrong with the text. When nothing is, say APPROVED.');

const room = createSupervisor({
  agents: [researcher.graph, writer.graph, critic.graph],
  llm: chatModel('gpt-5-nano'),
  prompt: prompt('Supervisor', 'You give the work to your agents step by step, and sum up when the Critic approves.'),
  supervisorName: 'Supervisor',
}).compile({ name: 'graph-writers-room', checkpointer: new MemorySaver() });

// A thread is a session: the same id in every request of a chat.
const { messages } = await room.invoke(
  { messages: [{ role: 'user', content: `Write about: ${topic}` }] },
  { configurable: { thread_id: session } },
);
if (!process.argv.includes('--json')) console.log(`Supervisor: ${messages.at(-1)?.text}`);
console.log(sessionReport(session));
await model.close();

function agent(name: string, instructions: string): ReactAgent {
  return createAgent({ name, model: chatModel('gpt-5-mini'), systemPrompt: prompt(name, instructions), tools: [] });
}

function chatModel(name: string): ChatOpenAI {
  return new ChatOpenAI({ model: name, apiKey: model.apiKey, configuration: { baseURL: model.baseURL } });
}

/** The tags tell a scripted model who speaks; a real one would not need them. */
function prompt(name: string, instructions: string): string {
  return `${instructions} [agent:${name}] [session:${session}]`;
}
