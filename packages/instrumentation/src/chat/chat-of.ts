import type { Attributes } from '@opentelemetry/api';
import { chatBudgetOf } from '../guard/chat-budget.ts';
import type { BudgetOptions } from '../guard/guard-options.ts';
import { Chat } from './chat.ts';

/** Whose chat it is. */
export interface GroupChatOptions {
  /** The kind of chat: its sessions are compared with each other. */
  readonly workflow: string;
  /** The id of this one chat, over all its requests. @default a new one */
  readonly session?: string | undefined;
  /** Another word for `session`. */
  readonly conversationId?: string | undefined;
  /** The customer of yours. */
  readonly tenant?: string | undefined;
  /** Who talks to the agents. */
  readonly user?: string | undefined;
  /** The version of the workflow, to compare it with others. */
  readonly version?: string | undefined;
  /**
   * What the session may cost, beside what the configuration says. A chat within another one spends from that one's budget, too.
   * An impossible one is refused by a `BudgetConfigError`.
   */
  readonly budget?: BudgetOptions | undefined;
  /** More attributes of the chat's runs and turns. */
  readonly attributes?: Attributes | undefined;
}

/** The chat that the options describe. */
export function chatOf(options: GroupChatOptions): Chat {
  const { workflow, tenant, user, version, attributes } = options;
  const budget = options.budget === undefined ? undefined : chatBudgetOf(options.budget);
  const session = textOf(options.session) ?? textOf(options.conversationId) ?? crypto.randomUUID();
  return new Chat({ session, workflow, tenant, user, workflowVersion: version }, { attributes, budget });
}

/** Ids are text; apps without types pass the numbers of their databases. */
export function textOf(id: unknown): string | undefined {
  const text = typeof id === 'number' || typeof id === 'bigint' ? String(id) : id;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
