// A group chat by hand: planner, writer and critic, in several sessions at once, with answers in every form that the client has.
'use strict';

const SESSIONS = ['s-1', 's-2', 's-3'];

module.exports = async function groupChat(OpenAI, withSession) {
  const client = new OpenAI({ apiKey: 'none', baseURL: process.env.MODEL_URL });
  await Promise.all(
    SESSIONS.map((session) =>
      withSession({ session, workflow: 'report' }, async () => {
        const told = (agent) => `You are ${agent}. [agent:${agent}] [session:${session}]`;
        const ask = (agent) => [
          { role: 'system', content: told(agent) },
          { role: 'user', content: 'Write about tides.' },
        ];
        await withSession({ agent: 'Planner' }, async () => {
          await client.chat.completions.create({ model: 'gpt-5-mini', messages: ask('Planner') });
          await client.embeddings.create({ model: 'text-embedding-3-small', input: told('Planner') });
        });
        await withSession({ agent: 'Writer' }, async () => {
          const stream = await client.chat.completions.create({
            model: 'gpt-5-mini',
            messages: ask('Writer'),
            stream: true,
            stream_options: { include_usage: true },
          });
          for await (const chunk of stream) chunk.choices.at(0);
          await client.chat.completions
            .stream({ model: 'gpt-5', messages: ask('Writer'), stream_options: { include_usage: true } })
            .finalChatCompletion();
        });
        await withSession({ agent: 'Critic' }, async () => {
          const { data } = await client.responses
            .create({ model: 'gpt-4.1', instructions: told('Critic'), input: 'Is it good?' })
            .withResponse();
          if (data.output_text === '') throw new Error('an answer without words');
          const events = await client.responses.create({
            model: 'gpt-4.1',
            instructions: told('Critic'),
            input: 'Really?',
            stream: true,
          });
          for await (const event of events) event.type.at(0);
        });
      }),
    ),
  );
  console.log('chatted');
};
