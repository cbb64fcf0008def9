// Several group chats at a time, written by hand, for `npm run demo`: a Planner, a Writer and a Critic who ask a model by OpenAI's client. In one
// of the chats the Critic is never content. A scripted model server answers.
//
// node --import @turnmeter/instrumentation/register examples/live-chats/main.ts

import { setTimeout as sleep } from 'node:timers/promises';
import { groupChat } from '@turnmeter/instrumentation';
import { groupChatScript, startModelServer } from '@turnmeter/model-server';
import OpenAI from 'openai';

const WORKFLOW = 'writers-room';
const CHATS = 6;
/** The chat whose Critic is never content. */
const UNUSUAL = 4;
const ROUNDS_MAX = 6;
const MODELS: Readonly<Record<string, string>> = { Planner: 'gpt-5', Writer: 'gpt-5-mini', Critic: 'gpt-5-mini' };

const { TURNMETER_DEMO_MARK: mark = 'live', TURNMETER_DEMO_STRETCH: stretch = '1' } = process.env;
const server = await startModelServer({
  script: groupChatScript({ rounds: 2, runaway: (session) => session === idOf(UNUSUAL) }),
  latencyMs: 10 * Number(stretch),
});
const client = new OpenAI({ apiKey: 'none', baseURL: server.openaiUrl });
try {
  await Promise.all(
    Array.from({ length: CHATS }, async (_, index) => {
      await sleep(index * 30 * Number(stretch));
      await hold(idOf(index), index === UNUSUAL);
    }),
  );
} finally {
  await server.close();
}

/** One chat from its topic to an approved text, or until nobody wants to go on. */
async function hold(session: string, isUnusual: boolean): Promise<void> {
  announce({ event: 'started', session, workflow: WORKFLOW, is_unusual: isUnusual });
  const chat = groupChat({ workflow: WORKFLOW, session });
  await chat.run(async () => {
    const messages: Message[] = [{ role: 'user', content: 'Write about tides.' }];
    await speak('Planner');
    for (let round = 0; round < ROUNDS_MAX; round++) {
      await speak('Writer');
      if ((await speak('Critic')).includes('APPROVED')) {
        chat.outcome('success');
        return;
      }
    }
    chat.outcome('failure');

    async function speak(agent: string): Promise<string> {
      return chat.turn({ agent }, async () => {
        const text = await ask(session, agent, messages);
        messages.push({ role: 'assistant', content: `${agent}: ${text}` });
        return text;
      });
    }
  });
  announce({ event: 'ended', session });
}

type Message = OpenAI.Chat.ChatCompletionMessageParam;

async function ask(session: string, agent: string, messages: readonly Message[]): Promise<string> {
  const answer = await client.chat.completions.create({
    model: MODELS[agent] ?? 'gpt-5-mini',
    // The tags tell the scripted server who speaks; a model would not need them.
    messages: [{ role: 'system', content: `You are the ${agent}. [agent:${agent}] [session:${session}]` }, ...messages],
  });
  return answer.choices[0]?.message.content ?? '';
}

function idOf(index: number): string {
  return `${WORKFLOW}-${index + 1}-${mark}`;
}

function announce(event: object): void {
  console.log(JSON.stringify(event));
}
