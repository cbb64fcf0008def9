import { groupChatScript, startModelServer } from '@turnmeter/model-server';

/** Where OpenAI's client finds its model. */
export interface Model {
  /** What the client is made with; undefined is OpenAI itself. */
  readonly baseURL: string | undefined;
  readonly apiKey: string;
  /** Frees the port, where a model was started. */
  close(): Promise<void>;
}

/**
 * The model that the environment names: OpenAI's with `OPENAI_API_KEY`, another one with `OPENAI_BASE_URL`. Without either a scripted one is
 * started, which costs nothing and needs no network.
 */
export async function startModel(): Promise<Model> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = process.env;
  if (baseURL !== undefined) return { baseURL, apiKey: apiKey ?? 'none', close: nothing };
  if (apiKey !== undefined) return { baseURL: undefined, apiKey, close: nothing };
  const server = await startModelServer({ script: groupChatScript(), latencyMs: 20 });
  return { baseURL: server.openaiUrl, apiKey: 'none', close: () => server.close() };
}

/** It was started by somebody else. */
function nothing(): Promise<void> {
  return Promise.resolve();
}
