// A group chat that is written by hand: a Planner, a Writer and a Critic, and a manager who asks a model whose turn it is.
//
// npm run -s example -- group-chat
// npm run -s example -- group-chat "The history of tea"
//
// In an app of your own: node --import @turnmeter/instrumentation/register main.ts

import { groupChat } from '@turnmeter/instrumentation';
import OpenAI from 'openai';
import { startModel } from '../start-model.ts';

const AGENTS: Readonly<Record<string, string>> = {
  Planner: 'You split the task into steps. Be brief.',
  Writer: 'You write the text, or write it anew as the Critic says.',
  Critic: 'You say what is wrong with the text. When nothing is, say APPROVED.',
};
const TURNS_MAX = 9;

const [topic = 'Tides'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const model = await startModel();
const client = new OpenAI({ apiKey: model.apiKey, baseURL: model.baseURL });
const chat = groupChat({ workflow: 'writers-room', user: 'ada' });
const said: string[] = [`User: Write about: ${topic}`];

await chat.run(async () => {
  while (said.length <= TURNS_MAX) {
    const agent = await chat.selectSpeaker(() => chooseSpeaker());
    const text = await chat.turn({ agent, selection: 'auto' }, () => speak(agent));
    show(agent, text);
    if (agent === 'Critic' && text.includes('APPROVED')) {
      chat.outcome('success');
      return;
    }
  }
  chat.outcome('stopped');
});
showTotals();
await model.close();

async function speak(agent: string): Promise<string> {
  const text = await ask('gpt-5-mini', agent, AGENTS[agent] ?? '', said.join('\n'));
  said.push(`${agent}: ${text}`);
  return text;
}

/** The manager is none of the agents: what it spends is the chat's own. */
async function chooseSpeaker(): Promise<string> {
  const names = Object.keys(AGENTS);
  const question = `${said.join('\n')}\n\nWho speaks next? Answer with one of: ${names.join(', ')}`;
  const answer = await ask('gpt-5-nano', 'Manager', 'You lead the chat.', question);
  return names.find((name) => answer.includes(name)) ?? 'Writer';
}

async function ask(name: string, agent: string, system: string, content: string): Promise<string> {
  const answer = await client.chat.completions.create({
    model: name,
    messages: [
      // The tags tell a scripted model who speaks; a real one would not need them.
      { role: 'system', content: `${system} [agent:${agent}] [session:${chat.session}]` },
      { role: 'user', content },
    ],
  });
  return answer.choices[0]?.message.content ?? '';
}

/** What was said, and what the chat has cost up to here. */
function show(agent: string, text: string): void {
  if (isJson()) return;
  const { tokens, cost } = chat.figures();
  console.log(`${agent.padEnd(8)} ${text.slice(0, 80)}…`);
  console.log(`${''.padEnd(8)} ${tokens.input + tokens.output} tokens, $${cost.usd.toFixed(6)}`);
}

function showTotals(): void {
  const figures = chat.figures();
  if (isJson()) {
    console.log(JSON.stringify(figures));
    return;
  }
  console.log(`\nsession ${chat.session}`);
  for (const [name, { turns, tokens, cost, responseMs }] of Object.entries(figures.agents)) {
    const mean = turns === 0 ? 0 : responseMs / turns;
    console.log(
      `${name.padEnd(8)} ${turns} turns, ${tokens.input} in, ${tokens.output} out, $${cost.usd.toFixed(6)}, ${mean.toFixed(0)} ms a turn`,
    );
  }
  const { speakerSelection: choosing } = figures;
  console.log(`choosing ${choosing.tokens.input} in, ${choosing.tokens.output} out, $${choosing.cost.usd.toFixed(6)}`);
}

function isJson(): boolean {
  return process.argv.includes('--json');
}
