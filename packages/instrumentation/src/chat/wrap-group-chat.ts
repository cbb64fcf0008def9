import type { Attributes } from '@opentelemetry/api';
import { guarded } from '../emit/guarded.ts';
import { currentScope } from '../session/scope.ts';
import { textOf } from './chat-of.ts';
import { Chat } from './chat.ts';
import { type AgentOptions, instrumentAgent } from './instrument-agent.ts';
import { Restores } from './restores.ts';
import { selectSpeaker } from './speaker-selection.ts';
import { type MethodName, wrapMethod } from './wrap-method.ts';

/** What a group-chat object is made of. */
export interface WrapOptions<Holder extends object> {
  /** The kind of chat. */
  readonly workflow: string;
  /** The method that runs one request to the chat. */
  readonly run: MethodName<Holder>;
  /** The method that chooses who speaks next. */
  readonly selectSpeaker?: MethodName<Holder> | undefined;
  /** Finds the agents; asked at the begin of each run, since a chat may get new ones. */
  readonly agents?: ((chat: Holder) => Iterable<object>) | undefined;
  /** The method of an agent that is its turn. @default `generateReply` */
  readonly reply?: string | undefined;
  /** What an agent is called. @default its `name` */
  readonly name?: ((agent: object) => string) | undefined;
  /** Finds the provider's answer, or its usage, in a reply, where no client is attached. */
  readonly usage?: AgentOptions<object>['usage'];
  /** The id of the chat: text, or found in the arguments of a run. @default one for each chat object */
  readonly conversationId?: string | ((...args: readonly never[]) => string | undefined) | undefined;
  readonly tenant?: string | undefined;
  readonly user?: string | undefined;
  readonly version?: string | undefined;
  readonly attributes?: Attributes | undefined;
}

/**
 * Makes a group-chat object of your own tell of its runs, speaker selections and turns. Give it the prototype of a class for all chats of
 * that class.
 *
 * @returns puts the chat and its agents back as they were.
 *
 * @example
 * ```ts
 * const restore = wrapGroupChat(chat, {
 *   workflow: 'blog-post',
 *   run: 'runChat',
 *   selectSpeaker: 'selectNext',
 *   agents: ({ agents }) => agents,
 *   reply: 'generateReply',
 *   conversationId: (request) => request.id,
 * });
 * ```
 */
export function wrapGroupChat<Holder extends object>(chat: Holder, options: WrapOptions<Holder>): () => void {
  const wrapped = new WrappedChat(options);
  guarded('wrapping a group chat', () => wrapped.wrap(chat));
  return () => guarded('restoring a group chat', () => wrapped.restore());
}

class WrappedChat<Holder extends object> {
  readonly #options: WrapOptions<Holder>;
  readonly #restores = new Restores();
  /** Of chat objects without an id of their own. */
  readonly #sessions = new WeakMap<object, string>();
  /** Runs that are under way, by chat object: one that runs itself again is still the same run. */
  readonly #running = new WeakMap<object, Set<Chat>>();

  constructor(options: WrapOptions<Holder>) {
    this.#options = options;
  }

  wrap(holder: Holder): void {
    const { run, selectSpeaker: select } = this.#options;
    this.#restores.add(
      holder,
      wrapMethod(holder, run, (call, self, args) => this.#run(call, self as Holder, args)),
    );
    if (select !== undefined)
      this.#restores.add(
        holder,
        wrapMethod(holder, select, (call) => selectSpeaker(call)),
      );
  }

  restore(): void {
    this.#restores.restore();
  }

  #run(call: () => unknown, self: Holder, args: readonly unknown[]): unknown {
    guarded('agents of a group chat', () => this.#instrumentAgents(self));
    const chat = guarded('begin of a group chat', () => this.#chatOf(self, args));
    return chat === undefined ? call() : chat.run(call);
  }

  /** Undefined where the run is part of one that is under way. */
  #chatOf(self: Holder, args: readonly unknown[]): Chat | undefined {
    const running = this.#running.get(self) ?? new Set();
    const scope = currentScope();
    for (const chat of running) if (chat.isAround(scope)) return undefined;
    const { workflow, tenant, user, version, attributes } = this.#options;
    const session = this.#sessionOf(self, args);
    const chat = new Chat({ session, workflow, tenant, user, workflowVersion: version }, attributes);
    this.#running.set(self, running.add(chat));
    chat.onEnd(() => running.delete(chat));
    return chat;
  }

  #sessionOf(self: Holder, args: readonly unknown[]): string {
    const { conversationId } = this.#options;
    const told: unknown =
      typeof conversationId === 'function' ? Reflect.apply(conversationId, self, args) : conversationId;
    const own = textOf(told);
    if (own !== undefined) return own;
    const session = this.#sessions.get(self) ?? crypto.randomUUID();
    this.#sessions.set(self, session);
    return session;
  }

  #instrumentAgents(self: Holder): void {
    const { agents, reply = 'generateReply', name, usage } = this.#options;
    for (const agent of agents?.(self) ?? []) {
      if (!this.#restores.has(agent)) this.#restores.add(agent, instrumentAgent(agent, { reply, name, usage }));
    }
  }
}
