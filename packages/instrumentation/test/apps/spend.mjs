// An app that asks a model, several times at once, until nobody lets it any more. Its budget is none of its business.
import OpenAI from 'openai';
import { withSession } from '../../src/index.ts';

const { OPENAI_URL, SESSION, WORKFLOW = 'blog', CALLS = '40', AT_ONCE = '4' } = process.env;
const client = new OpenAI({ apiKey: 'none', baseURL: OPENAI_URL });
const messages = [{ role: 'user', content: `Write about rain. ${'It falls. '.repeat(150)}` }];
let answered = 0;
let refusal;
const ask = async () => {
  while (answered < Number(CALLS) && refusal === undefined) {
    try {
      await client.chat.completions.create({ model: 'gpt-5-mini', max_completion_tokens: 500, messages });
      answered++;
    } catch (error) {
      refusal = error;
    }
  }
};
const askAll = () => Promise.all(Array.from({ length: Number(AT_ONCE) }, ask));
await (SESSION === undefined ? askAll() : withSession({ session: SESSION, workflow: WORKFLOW }, askAll));
console.log(
  JSON.stringify({ answered, refused: refusal?.bindingLimit, name: refusal?.name, figures: refusal?.figures }),
);
