import type OpenAI from 'openai';

/** A message of a chat, as AG2 has it. */
export interface Message {
  readonly name: string;
  readonly content: string;
}

type BeforeReplyHook = (messages: readonly Message[]) => readonly Message[];
type BeforeSendHook = (
  sender: ConversableAgent,
  message: Message,
  recipient: ConversableAgent,
  silent: boolean,
) => Message | undefined;

interface Hooks {
  readonly process_all_messages_before_reply: BeforeReplyHook;
  readonly process_message_before_send: BeforeSendHook;
}

/** An agent as in AG2, with its two hooks for what comes before a reply and before a message. */
export class ConversableAgent {
  readonly name: string;
  readonly #systemMessage: string;
  readonly #client: OpenAI;
  readonly #beforeReply: BeforeReplyHook[] = [];
  readonly #beforeSend: BeforeSendHook[] = [];

  constructor(name: string, options: { readonly systemMessage: string; readonly client: OpenAI }) {
    this.name = name;
    this.#systemMessage = options.systemMessage;
    this.#client = options.client;
  }

  registerHook<Name extends keyof Hooks>(name: Name, hook: Hooks[Name]): void {
    const list: unknown[] = name === 'process_message_before_send' ? this.#beforeSend : this.#beforeReply;
    list.push(hook);
  }

  async generateReply(messages: readonly Message[], session: string): Promise<Message> {
    const seen = this.#beforeReply.reduce((list, hook) => hook(list), messages);
    const answer = await this.#client.chat.completions.create({
      model: 'gpt-5-mini',
      messages: [
        // The tags tell a scripted model who speaks; a real one would not need them.
        { role: 'system', content: `${this.#systemMessage} [agent:${this.name}] [session:${session}]` },
        { role: 'user', content: seen.map(({ name, content }) => `${name}: ${content}`).join('\n') },
      ],
    });
    return { name: this.name, content: answer.choices[0]?.message.content ?? '' };
  }

  /** What is sent, after the hooks have seen it. */
  send(message: Message, recipient: ConversableAgent, silent = false): Message {
    return this.#beforeSend.reduce((sent, hook) => hook(this, sent, recipient, silent) ?? sent, message);
  }
}
