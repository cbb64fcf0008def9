// A session of two agents that use the AI SDK: one with a tool, one that streams.
import { createOpenAI } from '@ai-sdk/openai';
import { withSession } from '@turnmeter/instrumentation';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';

const model = createOpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_URL }).chat('gpt-4.1');
const lookUp = tool({
  description: 'Finds an order.',
  inputSchema: jsonSchema({ type: 'object', properties: {} }),
  execute: () => 'an order',
});
const session = 's-1';
const ask = (agent) => ({
  model,
  system: `[agent:${agent}] [session:${session}]`,
  prompt: 'Hello',
  experimental_telemetry: { isEnabled: true, functionId: agent, metadata: { sessionId: session } },
});

await withSession({ session }, async () => {
  await generateText({ ...ask('Planner'), tools: { lookUp }, stopWhen: stepCountIs(3) });
  for await (const text of streamText(ask('Writer')).textStream) text.at(0);
});
console.log('asked');
