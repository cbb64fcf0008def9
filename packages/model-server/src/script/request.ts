import type { JsonObject } from '../json.ts';

/** The operations that the server offers, as the ledger and rules name them. */
export const Endpoint = {
  openaiChat: 'openai.chat',
  openaiResponses: 'openai.responses',
  openaiCompletions: 'openai.completions',
  openaiEmbeddings: 'openai.embeddings',
  anthropicMessages: 'anthropic.messages',
  anthropicCountTokens: 'anthropic.count_tokens',
  googleGenerate: 'google.generate',
  googleEmbed: 'google.embed',
  googleCountTokens: 'google.count_tokens',
} as const;
export type Endpoint = (typeof Endpoint)[keyof typeof Endpoint];

/** One message of the conversation so far, in the words of no provider. */
export interface RequestMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly text: string;
  /** What the assistant called. */
  readonly toolCalls: readonly RequestToolCall[];
}

/** A tool call that an earlier answer made. */
export interface RequestToolCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** A tool that the request offers. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: JsonObject;
}

/** What the caller says about the form of the answer. */
export interface RequestedForm {
  /** JSON Schema of the text, where the request asks for structured output; an empty one for any JSON object. */
  readonly schema?: JsonObject | undefined;
  /** The tool that has to be called, or whether any has to be or none may be; undefined leaves it to the model. */
  readonly toolChoice?: { readonly name: string } | 'any' | 'none' | undefined;
}

/** What a provider's dialect reads out of a body. */
export interface RequestContent extends RequestedForm {
  readonly model: string;
  readonly streamed: boolean;
  /** System prompt or instructions, all parts of it joined by blank lines. */
  readonly system: string;
  readonly messages: readonly RequestMessage[];
  readonly tools: readonly OfferedTool[];
  /** The end user as the request names them (`safety_identifier`, `user`, `metadata.user_id`). */
  readonly user?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  /** The answer from which the call goes on (`previous_response_id`); `messages` holds what was said up to it. */
  readonly previousId?: string | undefined;
}

/** A call as a script sees it. */
export interface ModelRequest extends RequestContent {
  readonly endpoint: Endpoint;
  /** From the tag `[agent:Writer]` in the system prompt, else in the first user message. */
  readonly agent?: string | undefined;
  /** From the tag `[session:s-1]`, looked for in the same places. */
  readonly session?: string | undefined;
  /** 1 for the first call that the server got, of any kind. */
  readonly callNumber: number;
  /** 1 for the first call of this agent in this session. */
  readonly agentCallNumber: number;
  /** The body as it came. */
  readonly body: JsonObject;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}
