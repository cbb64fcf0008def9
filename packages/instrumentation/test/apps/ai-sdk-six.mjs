// Objects, embeddings, a call that fails and one of an agent, on version 6; nothing here knows of telemetry.
import { createOpenAI } from '@ai-sdk/openai';
import { embed, embedMany, generateObject, generateText, jsonSchema, streamObject, ToolLoopAgent } from 'ai';

const openai = createOpenAI({ baseURL: process.env.MODEL_URL, apiKey: 'test' });
const model = openai('gpt-4.1');
const schema = jsonSchema({ type: 'object', properties: { title: { type: 'string' } }, required: ['title'] });
const prompt = 'A title';
await new ToolLoopAgent({ id: 'Writer', model, instructions: '[agent:Writer]' }).generate({ prompt });
await generateObject({ model, schema, prompt });
for await (const _ of streamObject({ model, schema, prompt }).partialObjectStream);
const embedding = openai.embedding('text-embedding-3-small');
await embed({ model: embedding, value: 'sea' });
await embedMany({ model: embedding, values: ['sea', 'sky'] });
const failed = await generateText({ model: openai('gpt-broken'), prompt }).catch((error) => error.name);
console.log(failed);
