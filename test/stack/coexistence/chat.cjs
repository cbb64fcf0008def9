// A group chat by hand, in three sessions at once, of an app that is instrumented by somebody else too.
'use strict';
const { withSession } = require('@turnmeter/instrumentation');
const { OpenAI } = require('openai');

const observe = globalThis.observeClient ?? ((client) => client);
const client = observe(new OpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_URL }));

async function chat(session) {
  const told = (agent) => `You are ${agent}. [agent:${agent}] [session:${session}]`;
  const ask = (agent) => ({
    model: 'gpt-5-mini',
    messages: [
      { role: 'system', content: told(agent) },
      { role: 'user', content: 'Write about tides.' },
    ],
  });
  const streamed = { stream: true, stream_options: { include_usage: true } };
  await withSession({ agent: 'Planner' }, () => client.chat.completions.create(ask('Planner')));
  await withSession({ agent: 'Writer' }, async () => {
    for await (const chunk of await client.chat.completions.create({ ...ask('Writer'), ...streamed })) chunk.id.at(0);
  });
  await withSession({ agent: 'Critic' }, async () => {
    const question = { model: 'gpt-4.1', instructions: told('Critic'), input: 'Is it good?' };
    // Two at once: equal in everything but their ids.
    await Promise.all([client.responses.create(question), client.responses.create(question)]);
    for await (const event of await client.responses.create({ ...question, stream: true })) event.type.at(0);
  });
}

async function main() {
  const sessions = ['s-1', 's-2', 's-3'];
  await Promise.all(sessions.map((session) => withSession({ session, workflow: 'report' }, () => chat(session))));
  await globalThis.flushTelemetry?.();
  console.log('asked');
}

void main();
