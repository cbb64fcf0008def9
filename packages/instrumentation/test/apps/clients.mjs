// An app that asks all three providers, plain and streamed, and leaves one answer unread.
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { AzureOpenAI } from 'openai/azure';

const { OPENAI_URL, ANTHROPIC_URL, GOOGLE_URL } = process.env;
const openai = new OpenAI({ apiKey: 'none', baseURL: OPENAI_URL });
const anthropic = new Anthropic({ apiKey: 'none', baseURL: ANTHROPIC_URL });
const google = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: GOOGLE_URL } });
const messages = [{ role: 'user', content: 'Tell me of the sea.' }];

await openai.chat.completions.create({ model: 'gpt-5-mini', messages });
for await (const _ of await openai.responses.create({ model: 'gpt-5-mini', input: 'Tell.', stream: true }));
await anthropic.messages.create({ model: 'claude-opus-4-8', max_tokens: 99, messages });
await anthropic.messages.stream({ model: 'claude-opus-4-8', max_tokens: 99, messages }).finalMessage();
await google.models.generateContent({ model: 'gemini-2.5-flash', contents: 'Tell.' });
for await (const _ of await google.models.generateContentStream({ model: 'gemini-2.5-flash', contents: 'Tell.' }));
await openai.chat.completions.create({ model: 'gpt-5-nano', messages }).asResponse();
console.log(`asked ${AzureOpenAI.name}`);
