// OpenAI Agents: a Planner hands over to a Writer, who looks facts up (a function tool) and hands over to a Critic and back; the Critic asks
// a Proofreader, an agent that is used as a tool.
//
// npm run -s example -- openai-agents
// npm run -s example -- openai-agents "The history of tea"
//
// In an app of your own: node --import @turnmeter/instrumentation/register main.ts

import { randomUUID } from 'node:crypto';
import { Agent, OpenAIProvider, Runner, setTraceProcessors, tool, type AgentOptions } from '@openai/agents';
import { z } from 'zod';
import { sessionReport } from '../session-report.ts';
import { startModel } from '../start-model.ts';

const TURNS_MAX = 20;

const [topic = 'Tides'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const session = randomUUID();
const model = await startModel();

const lookUp = tool({
  name: 'look_up',
  description: 'Finds facts on a topic.',
  parameters: z.object({ topic: z.string() }),
  execute: ({ topic: wanted }) => `${wanted}: twice a day, by the moon and the sun.`,
});
const proofreader = agent('Proofreader', 'You look for mistakes in spelling.', { model: 'gpt-5-nano' });
const proofread = proofreader.asTool({ toolName: 'proofread', toolDescription: 'Has a text proofread.' });
const critic = agent('Critic', 'Have the text proofread. Send it back to the Writer once, then say APPROVED.', {
  tools: [proofread],
});
const writer = agent('Writer', 'You look facts up, write a short text, and hand over to the Critic.', {
  tools: [lookUp],
  handoffs: [critic],
});
const planner = agent('Planner', 'You outline the text and hand over to the Writer.', {
  model: 'gpt-5-nano',
  handoffs: [writer],
});
critic.handoffs = [writer];

// The SDK would send its own traces to OpenAI's dashboard; this example keeps them here.
setTraceProcessors([]);
// A group of runs is a session: the same id in every request of a chat.
const runner = new Runner({
  modelProvider: new OpenAIProvider({ apiKey: model.apiKey, baseURL: model.baseURL }),
  workflowName: 'agents-writers-room',
  groupId: session,
});
const { finalOutput, lastAgent } = await runner.run(planner, `Write about: ${topic}`, { maxTurns: TURNS_MAX });
if (!process.argv.includes('--json')) console.log(`${lastAgent?.name}: ${finalOutput}`);
console.log(sessionReport(session));
await model.close();

function agent(name: string, instructions: string, options: Partial<AgentOptions>): Agent {
  // The tags tell a scripted model who speaks; a real one would not need them.
  const tagged = `${instructions} [agent:${name}] [session:${session}]`;
  return new Agent({ name, instructions: tagged, model: 'gpt-5-mini', ...options });
}
