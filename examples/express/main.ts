// A web server with many group chats at a time, one for each request. Each has its own figures, also while all of them run.
//
// npm run -s example -- express          serves on port 3000 (or PORT): curl -d '{"topic":"tides"}' -H 'content-type: application/json' localhost:3000/chats/1
// npm run -s example -- express --once   asks itself for twelve chats and ends

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { currentSession, findSession, groupChat, type SessionFigures } from '@turnmeter/instrumentation';
import express from 'express';
import OpenAI from 'openai';
import { startModel } from '../start-model.ts';

const CHATS = 12;
const ROUNDS_MAX = 4;
const isOnce = process.argv.includes('--once');

const model = await startModel();
const client = new OpenAI({ apiKey: model.apiKey, baseURL: model.baseURL });

const app = express();
app.use(express.json());
app.post('/chats/:id', async (request, response) => {
  const { topic } = request.body as { readonly topic?: unknown };
  const text = await discuss(request.params.id, typeof topic === 'string' ? topic : 'tides');
  response.json({ text, figures: findSession(request.params.id, 'acme') });
});
app.get('/chats/:id/figures', (request, response) => {
  const figures = findSession(request.params.id, 'acme');
  response.status(figures === undefined ? 404 : 200).json(figures ?? { error: 'no such chat' });
});

const server = app.listen(isOnce ? 0 : Number(process.env['PORT'] ?? 3000), '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
console.log(`listening on ${url}`);
if (isOnce) {
  await askItself();
  server.close();
  await model.close();
}

/** One request is one run of the chat; a chat of several requests has the same id in each. */
async function discuss(session: string, topic: string): Promise<string> {
  const chat = groupChat({ workflow: 'web-writers-room', session, tenant: 'acme' });
  return chat.run(async () => {
    let text = await chat.turn({ agent: 'Planner' }, () => ask('Planner', `Plan a text about ${topic}.`));
    for (let round = 0; round < ROUNDS_MAX; round++) {
      text = await chat.turn({ agent: 'Writer' }, () => ask('Writer', text));
      const verdict = await chat.turn({ agent: 'Critic' }, () => ask('Critic', text));
      if (verdict.includes('APPROVED')) return text;
    }
    return text;
  });
}

/** However deep in the code: whose chat it is, is known. */
async function ask(agent: string, content: string): Promise<string> {
  const answer = await client.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [
      {
        role: 'system',
        content: `You are the ${agent}. [agent:${agent}] [session:${currentSession()?.session ?? ''}]`,
      },
      { role: 'user', content },
    ],
  });
  return answer.choices[0]?.message.content ?? '';
}

async function askItself(): Promise<void> {
  const asking = Array.from({ length: CHATS }, async (_, index) => {
    const response = await fetch(`${url}/chats/chat-${index + 1}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic: `topic ${index + 1}` }),
    });
    const { figures } = (await response.json()) as { readonly figures: SessionFigures };
    const { session, turns, tokens, cost } = figures;
    if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
    else console.log(`${session}: ${turns} turns, ${tokens.input + tokens.output} tokens, $${cost.usd.toFixed(6)}`);
  });
  await Promise.all(asking);
}
