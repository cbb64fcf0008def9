// Several group chats at a time, written by hand, for `npm run demo`: a Planner, a Writer and a Critic who ask a model by OpenAI's client. One
// chat does not notice that the Critic approves. It runs twice: as it is, and with a budget. A scripted model server answers.
//
// node --import @turnmeter/instrumentation/register examples/live-chats/main.ts

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BudgetEvent,
  type BudgetOptions,
  budgetExceededIn,
  groupChat,
  onBudget,
  resumeSession,
} from '@turnmeter/instrumentation';
import { groupChatScript, startModelServer } from '@turnmeter/model-server';
import OpenAI from 'openai';

const WORKFLOW = 'writers-room';
const ORDINARY_CHATS = 5;
const ROUNDS_MAX = 8;
const MODELS: Readonly<Record<string, string>> = { Planner: 'gpt-5', Writer: 'gpt-5-mini', Critic: 'gpt-5-mini' };
/** Of what such a chat costs: a warning at 75 %, cheaper calls from 90 %, somebody is asked at 120 %, and it is stopped at 150 %. */
const BUDGET: BudgetOptions = {
  expectedUsd: 0.0013,
  degrade: { at: 'critical', models: { 'gpt-5-mini': 'gpt-4o-mini' } },
  pauseShare: 1.2,
};
/** What a person takes to decide, in calls of the scripted model. */
const DECISION_CALLS = 5;

const { TURNMETER_DEMO_MARK: mark = 'live', TURNMETER_DEMO_STRETCH: stretch = '1' } = process.env;
const latencyMs = 10 * Number(stretch);

interface Chat {
  readonly session: string;
  /** The chat goes on whatever the Critic says. */
  readonly isEndless?: boolean;
  readonly budget?: BudgetOptions;
  /** The same chat without a budget. */
  readonly twin?: string;
}

const endless = { session: idOf(ORDINARY_CHATS + 1), isEndless: true };
const guarded = { session: idOf(ORDINARY_CHATS + 2), isEndless: true, budget: BUDGET, twin: endless.session };
const ordinary = Array.from({ length: ORDINARY_CHATS }, (_, index): Chat => ({ session: idOf(index + 1) }));

onBudget((event) => {
  announceBudget(event);
  const { session } = event.figures;
  // Here a person is asked; this one takes a while, and lets it go on.
  if (event.action === 'pause' && session !== undefined) {
    setTimeout(() => resumeSession({ session }, 'continue'), DECISION_CALLS * latencyMs);
  }
});
await Promise.all(
  [...ordinary, endless, guarded].map(async (chat, index) => {
    await sleep(index * 3 * latencyMs);
    await hold(chat);
  }),
);

/** One chat from its topic to an approved text, or until nobody wants to go on. */
async function hold({ session, isEndless = false, budget, twin }: Chat): Promise<void> {
  announce({ event: 'started', session, workflow: WORKFLOW, is_unusual: isEndless && budget === undefined, twin });
  // A server of its own, so that twins get the same answers.
  const server = await startModelServer({ script: groupChatScript({ rounds: 2 }), latencyMs });
  const client = new OpenAI({ apiKey: 'none', baseURL: server.openaiUrl });
  const chat = groupChat({ workflow: WORKFLOW, session, ...(budget === undefined ? {} : { budget }) });
  try {
    await chat.run(async () => {
      const messages: Message[] = [{ role: 'user', content: 'Write about tides.' }];
      await speak('Planner');
      for (let round = 0; round < ROUNDS_MAX; round++) {
        await speak('Writer');
        if ((await speak('Critic')).includes('APPROVED') && !isEndless) {
          chat.outcome('success');
          return;
        }
      }
      chat.outcome('failure');

      async function speak(agent: string): Promise<string> {
        return chat.turn({ agent }, async () => {
          const text = await ask(client, { agent, script: twin ?? session, messages });
          messages.push({ role: 'assistant', content: `${agent}: ${text}` });
          return text;
        });
      }
    });
  } catch (error) {
    // The budget ends the chat; what was said until then is there.
    if (budgetExceededIn(error) === undefined) throw error;
  } finally {
    await server.close();
  }
  announce({ event: 'ended', session });
}

type Message = OpenAI.Chat.ChatCompletionMessageParam;

interface Question {
  readonly agent: string;
  /** Which session's part the scripted server plays. */
  readonly script: string;
  readonly messages: readonly Message[];
}

async function ask(client: OpenAI, { agent, script, messages }: Question): Promise<string> {
  const answer = await client.chat.completions.create({
    model: MODELS[agent] ?? 'gpt-5-mini',
    // The tags tell the scripted server who speaks; a model would not need them.
    messages: [{ role: 'system', content: `You are the ${agent}. [agent:${agent}] [session:${script}]` }, ...messages],
  });
  return answer.choices[0]?.message.content ?? '';
}

function idOf(number: number): string {
  return `${WORKFLOW}-${number}-${mark}`;
}

function announceBudget({ action, reason, figures }: BudgetEvent): void {
  const { session, level, spentUsd, expectedUsd, percentOfExpected } = figures;
  announce({
    event: 'budget',
    session,
    action,
    reason,
    level,
    spent_usd: spentUsd,
    expected_usd: expectedUsd,
    percent_of_expected: percentOfExpected,
  });
}

function announce(event: object): void {
  console.log(JSON.stringify(event));
}
