import type { Attributes } from '@opentelemetry/api';
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
  /** More attributes of the chat's runs and turns. */
  readonly attributes?: Attributes | undefined;
}

/** The chat that the options describe. */
export function chatOf(options: GroupChatOptions): Chat {
  const { workflow, tenant, user, version, attributes } = options;
  const session = textOf(options.session) ?? textOf(options.conversationId) ?? crypto.randomUUID();
  return new Chat({ session, workflow, tenant, user, workflowVersion: version }, attributes);
}

/** Ids are text; apps without types pass the numbers of their databases. */
export function textOf(id: unknown): string | undefined {
  const text = typeof id === 'number' || typeof id === 'bigint' ? String(id) : id;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
