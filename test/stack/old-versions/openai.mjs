// A session of two agents that ask OpenAI: plain, streamed and embedded, and by the Responses API where the version has it.
import { withSession } from '@turnmeter/instrumentation';
import OpenAI from 'openai';

const client = new OpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_URL });
const session = 's-1';
const told = (agent) => `[agent:${agent}] [session:${session}]`;
const ask = (agent) => ({ model: 'gpt-4.1', messages: [{ role: 'user', content: `Hello. ${told(agent)}` }] });

await withSession({ session, agent: 'Planner' }, async () => {
  await client.chat.completions.create(ask('Planner'));
  await client.embeddings.create({ model: 'text-embedding-3-small', input: told('Planner') });
});
await withSession({ session, agent: 'Writer' }, async () => {
  const options = { stream: true, stream_options: { include_usage: true } };
  for await (const chunk of await client.chat.completions.create({ ...ask('Writer'), ...options })) chunk.id.at(0);
  if (client.responses === undefined) return;
  const question = { model: 'gpt-4.1', input: `Hello. ${told('Writer')}` };
  await client.responses.create(question);
  for await (const event of await client.responses.create({ ...question, stream: true })) event.type.at(0);
});
console.log('asked');
