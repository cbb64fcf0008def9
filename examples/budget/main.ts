// A group chat whose Critic is never satisfied, with a budget: it is warned, asks a cheaper model, asks a person whether to go on, and is stopped.
//
// npm run -s example -- budget
//
// In an app of your own: TURNMETER_BUDGET_USD=2 node --import @turnmeter/instrumentation/register main.ts

import { budgetExceededIn, configure, currentBudget, groupChat, type BudgetFigures } from '@turnmeter/instrumentation';
import OpenAI from 'openai';
import { startModel } from '../start-model.ts';

/** What such a chat costs when it goes well, in US dollars. */
const EXPECTED_USD = 0.001;
const TURNS_MAX = 100;

configure({
  budget: {
    expectedUsd: EXPECTED_USD,
    degrade: { at: 'warning', models: { 'gpt-5-mini': 'gpt-5-nano' } },
    pauseShare: 1.2,
    notify: ({ action, reason, figures }) => tell(`[${action}] ${reason} at ${percentOf(figures)} %`),
    // A person would be asked here, by whatever channel; calls wait until the promise has an answer.
    onPause: async (figures) => {
      tell(`Somebody is asked whether ${figures.spentUsd.toFixed(6)} USD are all right, and says: go on.`);
      return Promise.resolve('continue');
    },
  },
});

const model = await startModel();
const client = new OpenAI({ apiKey: model.apiKey, baseURL: model.baseURL });
const chat = groupChat({ workflow: 'endless-review' });
const said: string[] = ['User: Write about tides.'];

try {
  await chat.run(async () => {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const agent = turn % 2 === 0 ? 'Writer' : 'Critic';
      await chat.turn({ agent }, () => speak(agent));
    }
  });
} catch (error) {
  const refused = budgetExceededIn(error);
  if (refused === undefined) throw error;
  tell(refused.message);
}
showTotals();
await model.close();

async function speak(agent: string): Promise<void> {
  const answer = await client.chat.completions.create({
    model: 'gpt-5-mini',
    max_completion_tokens: 100,
    messages: [
      // The tags tell a scripted model who speaks; a real one would not need them.
      { role: 'system', content: `You never say that a text is good. [agent:${agent}] [session:${chat.session}]` },
      { role: 'user', content: said.slice(-6).join('\n') },
    ],
  });
  said.push(`${agent}: ${answer.choices[0]?.message.content ?? ''}`);
  const budget = currentBudget();
  if (budget !== undefined)
    tell(`${agent.padEnd(7)} ${answer.model.padEnd(11)} ${percentOf(budget)} % of what is expected`);
}

function showTotals(): void {
  const figures = chat.figures();
  if (isJson()) console.log(JSON.stringify(figures));
  else
    tell(
      `${figures.turns} turns, ${figures.inferences} model calls, $${figures.cost.usd.toFixed(6)}; the chat has ended.`,
    );
}

function percentOf({ percentOfExpected = 0 }: BudgetFigures): string {
  return percentOfExpected.toFixed(0).padStart(3);
}

function tell(text: string): void {
  if (!isJson()) console.log(text);
}

function isJson(): boolean {
  return process.argv.includes('--json');
}
