import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import * as callbacks from '@langchain/core/callbacks/manager';
import * as chatModels from '@langchain/core/language_models/chat_models';
import * as completionModels from '@langchain/core/language_models/llms';
import * as asyncCaller from '@langchain/core/utils/async_caller';
import * as graphs from '@langchain/langgraph/pregel';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import {
  AnthropicInstrumentation,
  findSession,
  LangChainInstrumentation,
  OpenAIInstrumentation,
  type SessionFigures,
} from '../../../src/index.ts';
import { record, type Recording } from '../../recording.ts';

/** What has to be attached to, as the modules are imported. */
export const CORE_MODULES: readonly unknown[] = [callbacks, chatModels, completionModels, asyncCaller, graphs];

/** LangChain brings its own version of the client. */
const require = createRequire(createRequire(import.meta.url).resolve('@langchain/anthropic'));
const anthropicOfLangChain: unknown = await import(
  new URL('index.mjs', pathToFileURL(require.resolve('@anthropic-ai/sdk'))).href
);

/** A model server, and LangChain attached to for each test. */
export interface Attached {
  readonly server: ModelServer;
  readonly recording: Recording;
  readonly langchain: LangChainInstrumentation;
}

/** Sets up each test; with `clients` the clients below LangChain are attached to as well, as the register flag does. */
export function attachEach({ clients }: { readonly clients: boolean }): Attached {
  let server: ModelServer | undefined;
  let recording: Recording | undefined;
  let langchain: LangChainInstrumentation | undefined;
  let others: (OpenAIInstrumentation | AnthropicInstrumentation)[] = [];
  beforeAll(async () => {
    server = await startModelServer();
  });
  beforeEach(() => {
    recording = record();
    langchain = new LangChainInstrumentation();
    for (const module of CORE_MODULES) langchain.attach(module);
    if (!clients) return;
    const openai = new OpenAIInstrumentation();
    openai.attach(OpenAI);
    const anthropic = new AnthropicInstrumentation();
    anthropic.attach(anthropicOfLangChain);
    others = [openai, anthropic];
  });
  afterEach(async () => {
    langchain?.disable();
    for (const other of others.splice(0)) other.disable();
    await recording?.[Symbol.asyncDispose]();
    server?.clearLedger();
    server?.script([]);
  });
  afterAll(() => server?.close());
  const given = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('only there while a test runs');
    return value;
  };
  return {
    get server() {
      return given(server);
    },
    get recording() {
      return given(recording);
    },
    get langchain() {
      return given(langchain);
    },
  };
}

/** Figures of a session that has to be there. */
export function sessionOf(session: string): SessionFigures {
  const figures = findSession(session);
  if (figures === undefined) throw new Error(`no session ${session}`);
  return figures;
}

/** Both ways in which model calls are seen: by LangChain alone, and by the clients below it too. */
export const WITNESSES = [{ clients: false }, { clients: true }] as const;
