// The same as openai-agents.mjs, in CommonJS.
const { Agent, run, setDefaultOpenAIClient, tool, withTrace } = require('@openai/agents');
const OpenAI = require('openai');

setDefaultOpenAIClient(new OpenAI({ baseURL: process.env.MODEL_URL, apiKey: 'test' }));
const lookUp = tool({
  name: 'lookUp',
  description: 'Finds an order.',
  parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
  strict: false,
  execute: () => 'an order',
});
const model = 'gpt-4.1';
const refunds = new Agent({ name: 'Refunds', instructions: '[agent:Refunds][session:s-1]', tools: [lookUp], model });
const triage = new Agent({ name: 'Triage', instructions: '[agent:Triage][session:s-1]', handoffs: [refunds], model });
void withTrace('support', () => run(triage, 'Hello'), { groupId: 's-1' }).then(() => console.log('answered'));
