// An agent with a tool, a call that opted out of telemetry, and one with another vendor's integration; nothing here knows of Turnmeter.
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, streamText, tool, ToolLoopAgent } from 'ai';

const model = createOpenAI({ baseURL: process.env.MODEL_URL, apiKey: 'test' })('gpt-4.1');
const lookUp = tool({
  description: 'Finds facts.',
  inputSchema: jsonSchema({ type: 'object', properties: {} }),
  execute: () => 'facts',
});
const writer = new ToolLoopAgent({ id: 'Writer', model, instructions: '[agent:Writer]', tools: { lookUp } });
const { text } = await writer.generate({ prompt: 'Hello' });
await generateText({ model, prompt: 'Hello', telemetry: { isEnabled: false } });
let ended = 0;
const result = streamText({ model, prompt: 'Hello', telemetry: { integrations: [{ onEnd: () => void ended++ }] } });
await result.consumeStream();
console.log(`${text} ${ended}`);
