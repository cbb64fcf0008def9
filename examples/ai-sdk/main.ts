// AI SDK 7: an Editor, whose tools are a Writer and a Critic, agents of their own; the Writer looks facts up.
//
// npm run -s example -- ai-sdk
// npm run -s example -- ai-sdk "The history of tea"
//
// In an app of your own: node --import @turnmeter/instrumentation/register main.ts

import { randomUUID } from 'node:crypto';
import { createOpenAI } from '@ai-sdk/openai';
import { isStepCount, tool, ToolLoopAgent, type Tool } from 'ai';
import { z } from 'zod';
import { sessionReport } from '../session-report.ts';
import { startModel } from '../start-model.ts';

const STEPS_MAX = 12;

const [topic = 'Tides'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const session = randomUUID();
const model = await startModel();
const openai = createOpenAI({ apiKey: model.apiKey, baseURL: model.baseURL });

const lookUp = tool({
  description: 'Finds facts on a topic.',
  inputSchema: z.object({ topic: z.string() }),
  execute: ({ topic: wanted }) => `${wanted}: twice a day, by the moon and the sun.`,
});
const writer = new ToolLoopAgent({
  id: 'Writer',
  model: openai('gpt-5-mini'),
  instructions: prompt('Writer', 'You look facts up and write a short text.'),
  tools: { lookUp },
});
const critic = new ToolLoopAgent({
  id: 'Critic',
  model: openai('gpt-5-mini'),
  instructions: prompt('Critic', 'You say what is wrong with the text. When nothing is, say APPROVED.'),
});
const editor = new ToolLoopAgent({
  id: 'Editor',
  model: openai('gpt-5-nano'),
  instructions: prompt('Editor', 'Have a text written, have it judged, and print the best version.'),
  tools: { write: asTool(writer, 'Has a text written.'), judge: asTool(critic, 'Has a text judged.') },
  stopWhen: isStepCount(STEPS_MAX),
  // Whose work it is, said the SDK's own way; agents below the Editor belong to the same session.
  runtimeContext: { sessionId: session, workflow: 'sdk-writers-room' },
  telemetry: { includeRuntimeContext: { sessionId: true, workflow: true } },
});

const { text } = await editor.generate({ prompt: `Write about: ${topic}` });
if (!process.argv.includes('--json')) console.log(`Editor: ${text}`);
console.log(sessionReport(session));
await model.close();

/** An agent that another agent asks. */
function asTool(agent: typeof writer | typeof critic, description: string): Tool<{ task: string }, string> {
  return tool({
    description,
    inputSchema: z.object({ task: z.string() }),
    execute: async ({ task }) => (await agent.generate({ prompt: task })).text,
  });
}

/** The tags tell a scripted model who speaks; a real one would not need them. */
function prompt(name: string, instructions: string): string {
  return `${instructions} [agent:${name}] [session:${session}]`;
}
