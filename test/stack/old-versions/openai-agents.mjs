// Triage hands over to Refunds, which looks an order up; once plain, once streamed.
import { Agent, run, setDefaultOpenAIClient, tool, withTrace } from '@openai/agents';
import OpenAI from 'openai';

setDefaultOpenAIClient(new OpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_URL }));
const lookUp = tool({
  name: 'lookUp',
  description: 'Finds an order.',
  parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
  strict: false,
  execute: () => 'an order',
});
for (const session of ['s-1', 's-2']) {
  const agent = (name, options) =>
    new Agent({ name, instructions: `[agent:${name}] [session:${session}]`, model: 'gpt-4.1', ...options });
  const triage = agent('Triage', { handoffs: [agent('Refunds', { tools: [lookUp] })] });
  const chat = async () => {
    const result = await run(triage, 'Hello', { stream: session === 's-2' });
    await result.completed;
  };
  await withTrace('support', chat, { groupId: session });
}
console.log('asked');
