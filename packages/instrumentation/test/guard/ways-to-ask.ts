import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import * as aiAnthropic from '@ai-sdk/anthropic';
import * as aiOpenai from '@ai-sdk/openai';
import * as anthropic from '@anthropic-ai/sdk';
import * as genai from '@google/genai';
import { ChatAnthropic } from '@langchain/anthropic';
import * as callbacks from '@langchain/core/callbacks/manager';
import * as chatModels from '@langchain/core/language_models/chat_models';
import * as asyncCaller from '@langchain/core/utils/async_caller';
import * as graphs from '@langchain/langgraph/pregel';
import { ChatOpenAI } from '@langchain/openai';
import * as agents from '@openai/agents';
import type { ModelServer } from '@turnmeter/model-server';
import * as ai from 'ai';
import * as aiSix from 'ai-6';
import * as aiSixOpenai from 'ai-sdk-openai-3';
import { createAgent } from 'langchain';
import * as openai from 'openai';
import {
  AiSdkInstrumentation,
  AnthropicInstrumentation,
  GoogleGenAIInstrumentation,
  LangChainInstrumentation,
  OpenAIAgentsInstrumentation,
  OpenAIInstrumentation,
} from '../../src/index.ts';
import type { TurnmeterInstrumentation } from '../../src/attach/turnmeter-instrumentation.ts';

/** One way of asking a model, by a client or a framework. */
export interface WayToAsk {
  readonly name: string;
  readonly model: string;
  readonly cheaperModel: string;
  readonly instrumentations: () => readonly TurnmeterInstrumentation[];
  /** Whether the request can be changed where it is seen. @default true */
  readonly isChangeable?: boolean;
  /** Asks once, and reads the answer to its end. */
  readonly ask: (server: ModelServer) => Promise<unknown>;
}

/** Some 750 tokens at most; the server bills 1000. */
const PROMPT = `Write about rain. ${'It falls. '.repeat(150)}`;
const MESSAGES = [{ role: 'user' as const, content: PROMPT }];
const OPENAI = { model: 'gpt-5-mini', cheaperModel: 'gpt-5-nano' };
const CLAUDE = { model: 'claude-opus-4-8', cheaperModel: 'claude-haiku-4-5' };
const GEMINI = { model: 'gemini-2.5-flash', cheaperModel: 'gemini-2.5-flash-lite' };

const require = createRequire(createRequire(import.meta.url).resolve('@langchain/anthropic'));
const anthropicOfLangChain: unknown = await import(
  new URL('index.mjs', pathToFileURL(require.resolve('@anthropic-ai/sdk'))).href
);

function attached<T extends TurnmeterInstrumentation>(instrumentation: T, ...modules: readonly unknown[]): T {
  for (const module of modules) instrumentation.attach(module);
  return instrumentation;
}

/** The functions of a version of the AI SDK as an app gets them that imports it with the flag. */
function sdkOf<T extends object>(module: T): { readonly sdk: T; readonly instrumentation: AiSdkInstrumentation } {
  const instrumentation = attached(new AiSdkInstrumentation(), module);
  const [definition] = instrumentation.getModuleDefinitions();
  return { sdk: definition?.patch?.({ ...module }, undefined) as T, instrumentation };
}

async function read(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

const openaiClient = (server: ModelServer): openai.OpenAI =>
  new openai.OpenAI({ apiKey: 'none', baseURL: server.openaiUrl });
const claudeClient = (server: ModelServer): anthropic.Anthropic =>
  new anthropic.Anthropic({ apiKey: 'none', baseURL: server.anthropicUrl });
const geminiClient = (server: ModelServer): genai.GoogleGenAI =>
  new genai.GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: server.googleUrl } });

let seven: ReturnType<typeof sdkOf<typeof ai>> | undefined;
let six: ReturnType<typeof sdkOf<typeof aiSix>> | undefined;
const attachSeven = (): readonly TurnmeterInstrumentation[] => [(seven = sdkOf(ai)).instrumentation];
const attachSix = (): readonly TurnmeterInstrumentation[] => [(six = sdkOf(aiSix)).instrumentation];
const sdkSeven = (): typeof ai => seven?.sdk ?? ai;
const sdkSix = (): typeof aiSix => six?.sdk ?? aiSix;
const sevensOpenai = (server: ModelServer): ai.LanguageModel =>
  aiOpenai.createOpenAI({ apiKey: 'none', baseURL: server.openaiUrl })('gpt-5-mini');
/** Of another name than those that were seen by functions that are watched. */
const otherOpenai = (server: ModelServer): ai.LanguageModel =>
  aiOpenai.createOpenAI({ apiKey: 'none', baseURL: server.openaiUrl, name: 'other' })('gpt-5-mini');
const sixesOpenai = (server: ModelServer): aiSix.LanguageModel =>
  aiSixOpenai.createOpenAI({ apiKey: 'none', baseURL: server.openaiUrl })('gpt-5-mini');

const langchain = (...clients: TurnmeterInstrumentation[]): readonly TurnmeterInstrumentation[] => [
  attached(new LangChainInstrumentation(), callbacks, chatModels, asyncCaller, graphs),
  ...clients,
];
const chatOpenai = (server: ModelServer): ChatOpenAI =>
  new ChatOpenAI({ model: 'gpt-5-mini', apiKey: 'test', configuration: { baseURL: server.openaiUrl } });
const chatClaude = (server: ModelServer): ChatAnthropic =>
  new ChatAnthropic({ model: 'claude-opus-4-8', apiKey: 'test', anthropicApiUrl: server.anthropicUrl, maxTokens: 500 });

/** All clients and frameworks that are attached to. */
export const WAYS: readonly WayToAsk[] = [
  {
    name: 'openai chat',
    ...OPENAI,
    instrumentations: () => [attached(new OpenAIInstrumentation(), openai)],
    ask: (server) => openaiClient(server).chat.completions.create({ model: 'gpt-5-mini', messages: MESSAGES }),
  },
  {
    name: 'openai responses, streamed',
    ...OPENAI,
    instrumentations: () => [attached(new OpenAIInstrumentation(), openai)],
    ask: async (server) =>
      read(await openaiClient(server).responses.create({ model: 'gpt-5-mini', input: PROMPT, stream: true })),
  },
  {
    name: 'openai stream helper',
    ...OPENAI,
    instrumentations: () => [attached(new OpenAIInstrumentation(), openai)],
    ask: (server) =>
      openaiClient(server)
        .chat.completions.stream({ model: 'gpt-5-mini', messages: MESSAGES, stream_options: { include_usage: true } })
        .finalChatCompletion(),
  },
  {
    name: 'anthropic messages',
    ...CLAUDE,
    instrumentations: () => [attached(new AnthropicInstrumentation(), anthropic)],
    ask: (server) =>
      claudeClient(server).messages.create({ model: 'claude-opus-4-8', max_tokens: 500, messages: MESSAGES }),
  },
  {
    name: 'anthropic stream helper',
    ...CLAUDE,
    instrumentations: () => [attached(new AnthropicInstrumentation(), anthropic)],
    ask: (server) =>
      claudeClient(server)
        .messages.stream({ model: 'claude-opus-4-8', max_tokens: 500, messages: MESSAGES })
        .finalMessage(),
  },
  {
    name: 'google generateContent',
    ...GEMINI,
    instrumentations: () => [attached(new GoogleGenAIInstrumentation(), genai)],
    ask: (server) => geminiClient(server).models.generateContent({ model: 'gemini-2.5-flash', contents: PROMPT }),
  },
  {
    name: 'google stream',
    ...GEMINI,
    instrumentations: () => [attached(new GoogleGenAIInstrumentation(), genai)],
    ask: async (server) =>
      read(await geminiClient(server).models.generateContentStream({ model: 'gemini-2.5-flash', contents: PROMPT })),
  },
  {
    name: 'openai agents',
    ...OPENAI,
    instrumentations: () => [
      attached(new OpenAIInstrumentation(), openai),
      attached(new OpenAIAgentsInstrumentation(), agents),
    ],
    ask: (server) => agentsRunner(server).run(new agents.Agent({ name: 'Writer', model: 'gpt-5-mini' }), PROMPT),
  },
  {
    name: 'openai agents, streamed',
    ...OPENAI,
    instrumentations: () => [
      attached(new OpenAIInstrumentation(), openai),
      attached(new OpenAIAgentsInstrumentation(), agents),
    ],
    ask: async (server) => {
      const agent = new agents.Agent({ name: 'Writer', model: 'gpt-5-mini' });
      const result = await agentsRunner(server).run(agent, PROMPT, { stream: true });
      await result.completed;
    },
  },
  {
    name: 'langchain with the client attached',
    ...OPENAI,
    instrumentations: () => langchain(attached(new OpenAIInstrumentation(), openai)),
    ask: (server) => chatOpenai(server).invoke(PROMPT),
  },
  {
    name: 'langchain with the client attached, streamed',
    ...CLAUDE,
    instrumentations: () => langchain(attached(new AnthropicInstrumentation(), anthropicOfLangChain)),
    ask: async (server) => read(await chatClaude(server).stream(PROMPT)),
  },
  {
    name: 'langchain agent',
    ...OPENAI,
    instrumentations: () => langchain(attached(new OpenAIInstrumentation(), openai)),
    ask: (server) =>
      createAgent({ model: chatOpenai(server), tools: [], name: 'Writer' }).invoke({ messages: MESSAGES }),
  },
  {
    name: 'ai-sdk 7 generateText',
    ...OPENAI,
    instrumentations: attachSeven,
    ask: (server) => sdkSeven().generateText({ model: sevensOpenai(server), prompt: PROMPT }),
  },
  {
    name: 'ai-sdk 7 streamText of Claude',
    ...CLAUDE,
    instrumentations: attachSeven,
    ask: async (server) => {
      const model = aiAnthropic.createAnthropic({ apiKey: 'none', baseURL: `${server.anthropicUrl}/v1` })(
        'claude-opus-4-8',
      );
      let failed: unknown;
      const { textStream } = sdkSeven().streamText({
        model,
        prompt: PROMPT,
        maxOutputTokens: 500,
        onError: ({ error }) => {
          failed = error;
        },
      });
      await read(textStream);
      if (failed !== undefined) throw failed as Error;
    },
  },
  {
    name: 'ai-sdk 7 agent',
    ...OPENAI,
    instrumentations: attachSeven,
    ask: (server) =>
      new (sdkSeven().ToolLoopAgent)({ id: 'Writer', model: sevensOpenai(server) }).generate({ prompt: PROMPT }),
  },
  {
    name: 'ai-sdk 6 generateText',
    ...OPENAI,
    instrumentations: attachSix,
    ask: (server) => sdkSix().generateText({ model: sixesOpenai(server), prompt: PROMPT }),
  },
  {
    name: 'ai-sdk 6 streamText',
    ...OPENAI,
    instrumentations: attachSix,
    ask: async (server) => {
      let failed: unknown;
      const { textStream } = sdkSix().streamText({
        model: sixesOpenai(server),
        prompt: PROMPT,
        onError: ({ error }) => {
          failed = error;
        },
      });
      await read(textStream);
      if (failed !== undefined) throw failed as Error;
    },
  },
  {
    name: 'ai-sdk 6 agent',
    ...OPENAI,
    instrumentations: attachSix,
    ask: (server) =>
      new (sdkSix().ToolLoopAgent)({ id: 'Writer', model: sixesOpenai(server) }).generate({ prompt: PROMPT }),
  },
  {
    name: 'openai agents without the client',
    ...OPENAI,
    isChangeable: false,
    instrumentations: () => [attached(new OpenAIAgentsInstrumentation(), agents)],
    ask: (server) => agentsRunner(server).run(new agents.Agent({ name: 'Writer', model: 'gpt-5-mini' }), PROMPT),
  },
  {
    name: 'langchain without the client',
    ...OPENAI,
    isChangeable: false,
    instrumentations: () => langchain(),
    ask: (server) => chatOpenai(server).invoke(PROMPT),
  },
  {
    name: 'langchain without the client, streamed',
    ...CLAUDE,
    isChangeable: false,
    instrumentations: () => langchain(),
    ask: async (server) => read(await chatClaude(server).stream(PROMPT)),
  },
  {
    name: 'langchain without the client, in batches',
    ...OPENAI,
    isChangeable: false,
    instrumentations: () => langchain(),
    ask: (server) => chatOpenai(server).batch([PROMPT]),
  },
  {
    name: 'ai-sdk 7 that was imported before',
    ...OPENAI,
    isChangeable: false,
    instrumentations: () => [new AiSdkInstrumentation()],
    ask: (server) => ai.generateText({ model: otherOpenai(server), prompt: PROMPT }),
  },
];

function agentsRunner(server: ModelServer): agents.Runner {
  const openAIClient = openaiClient(server) as never;
  return new agents.Runner({ modelProvider: new agents.OpenAIProvider({ openAIClient, useResponses: true }) });
}
