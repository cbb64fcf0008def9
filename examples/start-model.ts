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
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = process.env;
  if (baseURL !== undefined) return { baseURL, apiKey: apiKey ?? 'none', close: nothing };
  if (apiKey !== undefined) return { baseURL: OPENAI_URL, apiKey, close: nothing };
  const server = await startModelServer({ script: groupChatScript(), latencyMs: 20 });
  return { baseURL: server.openaiUrl, apiKey: 'none', close: () => server.close() };
}

/** It was started by somebody else. */
function nothing(): Promise<void> {
  return Promise.resolve();
}
