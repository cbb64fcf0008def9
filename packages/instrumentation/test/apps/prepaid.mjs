// An app built like AG2's, whose chats a prepaid balance pays for: it asks until it is refused, or as often as it is told. With TOGETHER_URL
// it begins when that answers.
import { BudgetExceededError } from '../../src/index.ts';
import { TokenManager } from '../../src/ag2/index.ts';
import OpenAI from 'openai';

const client = new OpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_URL, maxRetries: 0 });
const tokens = new TokenManager({
  // Each with a workflow of its own: what one session cost bounds no other.
  workflow: process.env.SESSION,
  sessionId: process.env.SESSION,
  balance: { account: process.env.ACCOUNT, unit: process.env.UNIT, reserve: Number(process.env.RESERVE) },
});
const held = await tokens.initialize();
if (process.env.TOGETHER_URL !== undefined) await fetch(process.env.TOGETHER_URL);
let answered = 0;
let refused;
for (; answered < Number(process.env.CALLS ?? 100); answered++) {
  try {
    await client.chat.completions.create({
      model: 'gpt-5-mini',
      max_completion_tokens: 500,
      messages: [{ role: 'user', content: 'What is the weather?' }],
    });
  } catch (error) {
    if (!(error instanceof BudgetExceededError)) throw error;
    refused = error.bindingLimit;
    break;
  }
}
const { balance } = await tokens.finalizeSession();
console.log(JSON.stringify({ held, answered, refused, paid: balance }));
