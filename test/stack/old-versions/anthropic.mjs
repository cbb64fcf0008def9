// A session of two agents that ask Anthropic: plain, streamed, and by the stream helper where the version has it.
import Anthropic from '@anthropic-ai/sdk';
import { withSession } from '@turnmeter/instrumentation';

const client = new Anthropic({ apiKey: 'none', baseURL: process.env.ANTHROPIC_URL });
const session = 's-1';
const ask = (agent) => ({
  model: 'claude-sonnet-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: `Hello. [agent:${agent}] [session:${session}]` }],
});

await withSession({ session, agent: 'Planner' }, () => client.messages.create(ask('Planner')));
await withSession({ session, agent: 'Writer' }, async () => {
  for await (const event of await client.messages.create({ ...ask('Writer'), stream: true })) event.type.at(0);
  await client.messages.stream?.(ask('Writer')).finalMessage();
});
console.log('asked');
