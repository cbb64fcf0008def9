// What an instrumented app does, over and over: model calls whose answers are made in the process, and turns of a group chat.

import { setImmediate } from 'node:timers/promises';
import { CLIENTS, type Client, type Loader } from './stacks.ts';

/** What is measured, each beside the same without instrumentation. */
export const WORK = ['call', 'stream', 'turn', 'turn with a call'] as const;

/** One of them. */
export type Work = (typeof WORK)[number];

/** Makes what is done once per measured unit. */
export function createWork(
  load: Loader,
  client: Client,
  isOurs: boolean,
): Readonly<Record<Work, () => Promise<unknown>>> {
  const { OpenAI } = load(CLIENTS[client]) as { readonly OpenAI: new (options: object) => OpenAIClient };
  const { chat } = new OpenAI({ apiKey: 'none', baseURL: 'https://api.openai.com/v1', fetch: answer });
  const call = (): Promise<unknown> => chat.completions.create({ ...REQUEST, stream: false });
  const stream = async (): Promise<unknown> => {
    const parts = await chat.completions.create({ ...REQUEST, stream: true, stream_options: { include_usage: true } });
    let last: unknown;
    for await (const part of parts) last = part;
    return last;
  };
  const turn = isOurs ? turnsOf(load) : (work: () => Promise<unknown>) => work();
  return { call, stream, turn: () => turn(() => Promise.resolve()), 'turn with a call': () => turn(call) };
}

interface OpenAIClient {
  readonly chat: {
    readonly completions: {
      create(request: object): Promise<AsyncIterable<unknown>>;
    };
  };
}

/** What of our API is measured. */
export interface Turnmeter {
  groupChat(options: { readonly workflow: string; readonly session?: string }): {
    run<T>(work: () => T): T;
    turn<T>(options: { readonly agent: string }, work: () => T): T;
  };
}

/** Two agents of one chat speak in turns. */
function turnsOf(load: Loader): (work: () => Promise<unknown>) => Promise<unknown> {
  const chat = (load('@turnmeter/instrumentation') as Turnmeter).groupChat({ workflow: 'bench' });
  let turns = 0;
  return (work) => chat.turn({ agent: turns++ % 2 === 0 ? 'Writer' : 'Critic' }, work);
}

const REQUEST = {
  model: 'gpt-4.1-mini',
  temperature: 0.2,
  max_tokens: 400,
  messages: [
    { role: 'system', content: 'You write short answers.' },
    { role: 'user', content: 'Why is the sky blue? '.repeat(20) },
  ],
};

const ID = 'chatcmpl-CZr4QKqjzT1mZ9cC0m4bT5o2oVxYe';
const MODEL = 'gpt-4.1-mini-2025-04-14';
const USAGE = {
  prompt_tokens: 612,
  completion_tokens: 88,
  total_tokens: 700,
  prompt_tokens_details: { cached_tokens: 128, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
};
const WORDS = 'Air scatters blue light far more than red light does.'.split(/(?<= )/);

const PLAIN = JSON.stringify({
  id: ID,
  object: 'chat.completion',
  created: 1_790_000_000,
  model: MODEL,
  choices: [{ index: 0, message: { role: 'assistant', content: WORDS.join('') }, finish_reason: 'stop' }],
  usage: USAGE,
  service_tier: 'default',
});

const chunk = (choices: readonly object[], usage: object | null): string =>
  `data: ${JSON.stringify({ id: ID, object: 'chat.completion.chunk', created: 1_790_000_000, model: MODEL, choices, usage })}\n\n`;

const STREAMED = [
  ...WORDS.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }], null)),
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }], null),
  chunk([], USAGE),
  'data: [DONE]\n\n',
].join('');

/** As a server's answer does, it comes in a later turn of the event loop: timers of exporters get their turn, too. */
async function answer(_: unknown, { body }: { readonly body: string }): Promise<Response> {
  await setImmediate();
  return body.includes('"stream":true')
    ? new Response(STREAMED, { headers: { 'content-type': 'text/event-stream' } })
    : new Response(PLAIN, { headers: { 'content-type': 'application/json' } });
}
