import { groupChatScript, startModelServer } from '@turnmeter/model-server';

/** What a client of OpenAI's API is made with. */
export interface Model {
  readonly baseURL: string;
  readonly apiKey: string;
  /** Frees the port, where a model was started. */
  close(): Promise<void>;
}

const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * The model that the environment names: OpenAI's with `OPENAI_API_KEY`, another one with `OPENAI_BASE_URL`. Without either a scripted one is
 * started, which costs nothing and needs no network.
 */
export async function startModel(): Promise<Model> {
  const apiKey = named('OPENAI_API_KEY');
  const baseURL = named('OPENAI_BASE_URL');
  if (baseURL !== undefined) return { baseURL, apiKey: apiKey ?? 'none', close: nothing };
  if (apiKey !== undefined) return { baseURL: OPENAI_URL, apiKey, close: nothing };
  const server = await startModelServer({ script: groupChatScript(), latencyMs: 20 });
  return { baseURL: server.openaiUrl, apiKey: 'none', close: () => server.close() };
}

/** A variable that is set to nothing is not set: `.env` files leave it so. */
function named(variable: string): string | undefined {
  const value = process.env[variable];
  return value === '' ? undefined : value;
}

/** It was started by somebody else. */
function nothing(): Promise<void> {
  return Promise.resolve();
}
