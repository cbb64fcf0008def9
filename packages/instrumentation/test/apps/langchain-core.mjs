// LangChain without LangGraph: few modules of it are imported by name.
import { ChatOpenAI } from '@langchain/openai';

const model = new ChatOpenAI({ model: 'gpt-4.1', apiKey: 'test', configuration: { baseURL: process.env.MODEL_URL } });
await model.invoke('Hello', { metadata: { session_id: 's-1' } });
for await (const _ of await model.stream('Hello', { metadata: { session_id: 's-1' } }));
console.log('answered');
