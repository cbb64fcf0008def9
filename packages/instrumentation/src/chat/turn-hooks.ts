import { TurnOutcome } from '@turnmeter/semconv';
import { guarded } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import type { OpenTurn } from '../emit/turn.ts';
import { endingWith } from './ending.ts';
import { enterPlace } from './entered-place.ts';
import { type GroupChatOptions, chatOf } from './chat-of.ts';
import type { Chat } from './chat.ts';
import { recordCall } from './record-call.ts';

/** Whose chat it is, for code that only has callbacks; one pair of hooks for one chat. */
export interface TurnHooksOptions extends GroupChatOptions {
  /** Milliseconds until a turn that nobody ended counts as abandoned. @default `turnTimeoutMs` of the configuration */
  readonly turnTimeoutMs?: number | undefined;
}

/** Stands for one turn; give it back when the turn ends. */
export interface TurnToken {
  readonly agent: string;
  /** The number of the turn in its session, from 1. */
  readonly index: number;
}

/** An agent begins to reply. */
export interface ReplyBegin {
  readonly agent: string;
  /** Who spoke before. @default the last speaker of the session */
  readonly from?: string | undefined;
  readonly selection?: string | undefined;
  /** What it replies to; not looked at. */
  readonly messages?: unknown;
}

/** An agent sends its reply. */
export interface ReplySend {
  readonly agent: string;
  /** Of the turn that ends. @default the turn that the code runs in, or the open one of the chat */
  readonly token?: TurnToken | undefined;
  /** What it says; not looked at. */
  readonly message?: unknown;
  /** The provider's answer or its usage, where no client is attached. */
  readonly usage?: unknown;
  /** The model that was asked. */
  readonly model?: string | undefined;
}

/** A reply failed. */
export interface ReplyError {
  readonly error?: unknown;
  readonly token?: TurnToken | undefined;
}

/** Callbacks that tell of turns. None of them throws. */
export interface TurnHooks {
  /** A turn begins; an open one of this chat is abandoned. What the agent does from here on belongs to it. */
  beforeReply(begin: ReplyBegin): TurnToken;
  /** A turn ends. Without a begin it is a turn of unknown duration. */
  beforeSend(send: ReplySend): void;
  /** A turn failed. */
  onError(failure: ReplyError): void;
  /** Nothing more comes: an open turn is abandoned. */
  dispose(): void;
}

/**
 * Tells of turns by two callbacks, as AG2's hooks do. What ties them together is the token, or the place the code runs in, and never the
 * agent's name: one agent may speak in two chats at once.
 *
 * @example
 * ```ts
 * const hooks = createTurnHooks({ workflow: 'blog-post', conversationId });
 * const token = hooks.beforeReply({ agent: 'Writer' });
 * const message = await writer.reply(messages);
 * hooks.beforeSend({ agent: 'Writer', token, message });
 * ```
 */
export function createTurnHooks(options: TurnHooksOptions): TurnHooks {
  return new ChatHooks(chatOf(options), options.turnTimeoutMs);
}

/** A turn that has begun. */
interface Begun {
  readonly open: OpenTurn;
  readonly token: TurnToken;
  readonly timer: NodeJS.Timeout;
}

class ChatHooks implements TurnHooks {
  readonly #chat: Chat;
  readonly #timeoutMs: number | undefined;
  #begun: Begun | undefined;

  constructor(chat: Chat, timeoutMs: number | undefined) {
    this.#chat = chat;
    this.#timeoutMs = timeoutMs;
  }

  beforeReply({ agent, from, selection }: ReplyBegin): TurnToken {
    this.dispose();
    return guarded('begin of a turn', () => this.#begin({ agent, from, selection })) ?? { agent, index: 0 };
  }

  beforeSend({ agent, token, usage, model }: ReplySend): void {
    guarded('end of a turn', () => {
      const open = this.#find(agent, token)?.open ?? (token === undefined ? this.#chat.openTurn({ agent }) : undefined);
      // A turn that was given up meanwhile was told of already.
      if (open === undefined) return;
      const isSeen = open === this.#begun?.open;
      if (usage !== undefined) recordCall(usage, { model }, open.scope);
      open.message();
      if (isSeen) this.#close();
      open.end({ isUntimed: !isSeen });
    });
  }

  onError({ error, token }: ReplyError): void {
    guarded('end of a turn', () => {
      const open = token === undefined || token === this.#begun?.token ? this.#begun?.open : undefined;
      if (open === undefined) return;
      this.#close();
      if (error === undefined) abandon(open);
      else open.end(endingWith(error));
    });
  }

  dispose(): void {
    guarded('end of a turn', () => {
      const open = this.#begun?.open;
      this.#close();
      if (open !== undefined) abandon(open);
    });
  }

  #begin(start: ReplyBegin): TurnToken {
    const open = this.#chat.openTurn(start);
    enterPlace({ scope: open.scope, isOver: () => open.isEnded });
    const timer = setTimeout(() => this.dispose(), this.#timeoutMs ?? recorder().config.turnTimeoutMs);
    timer.unref();
    const token = Object.freeze({ agent: start.agent, index: open.index });
    this.#begun = { open, token, timer };
    return token;
  }

  #find(agent: string, token: TurnToken | undefined): Begun | undefined {
    const begun = this.#begun;
    if (begun === undefined || token !== undefined) return begun?.token === token ? begun : undefined;
    // Whoever else sends something (a manager, an introduction) does not end the turn.
    return begun.open.agent === agent ? begun : undefined;
  }

  #close(): void {
    clearTimeout(this.#begun?.timer);
    this.#begun = undefined;
  }
}

/** How long it took is not known: nobody saw it end. It counts up to what happened in it. */
function abandon(open: OpenTurn): void {
  open.end({ outcome: TurnOutcome.ABANDONED, endMs: 0, isUntimed: true });
}
