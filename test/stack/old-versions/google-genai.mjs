// A session of two agents that ask Gemini: plain, streamed, and in a chat.
import { GoogleGenAI } from '@google/genai';
import { withSession } from '@turnmeter/instrumentation';

const client = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: process.env.GOOGLE_URL } });
const session = 's-1';
const ask = (agent) => ({ model: 'gemini-2.5-flash', contents: `Hello. [agent:${agent}] [session:${session}]` });

await withSession({ session, agent: 'Planner' }, () => client.models.generateContent(ask('Planner')));
await withSession({ session, agent: 'Writer' }, async () => {
  for await (const chunk of await client.models.generateContentStream(ask('Writer'))) chunk.text?.at(0);
  const chat = client.chats.create({ model: 'gemini-2.5-flash' });
  await chat.sendMessage({ message: ask('Writer').contents });
});
console.log('asked');
