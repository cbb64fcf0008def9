// Two agents of Strands in each of two sessions, one with a tool; Strands reports them itself, the client below it is attached to.
import { Agent, tool } from '@strands-agents/sdk';
import { OpenAIModel } from '@strands-agents/sdk/models/openai';
import { z } from 'zod';

const lookUp = tool({
  name: 'lookUp',
  description: 'Finds an order.',
  inputSchema: z.object({}),
  callback: () => 'an order',
});
const model = new OpenAIModel({
  api: 'chat',
  modelId: 'gpt-4.1',
  apiKey: 'none',
  clientConfig: { baseURL: process.env.OPENAI_URL },
});
await Promise.all(
  ['s-1', 's-2'].map(async (session) => {
    for (const name of ['Planner', 'Writer']) {
      const agent = new Agent({
        name,
        model,
        printer: false,
        systemPrompt: `[agent:${name}] [session:${session}]`,
        tools: name === 'Planner' ? [lookUp] : [],
        traceAttributes: { 'session.id': session },
      });
      await agent.invoke('Hello');
    }
  }),
);
console.log('asked');
