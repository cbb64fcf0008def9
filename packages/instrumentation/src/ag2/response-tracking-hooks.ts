import { guarded } from '../emit/guarded.ts';
import type { AgentResponseTimeTracker } from './agent-response-time-tracker.ts';
import type { AgentLike } from './message-parts.ts';
import { ResponseHooks } from './response-hooks.ts';
import type { TokenManager } from './token-manager.ts';

/** Whose turns are tracked, and who is told. */
export interface ResponseTrackingOptions {
  readonly tracker: AgentResponseTimeTracker;
  readonly workflow: string;
  readonly tenant?: string | undefined;
  /** The id of the chat. @default that of `tokenTracker`, else of the session that the code runs in */
  readonly sessionId?: string | undefined;
  /** The chat's token manager: turns are in its run then. */
  readonly tokenTracker?: TokenManager | undefined;
  /** Agents that speak for nobody. @default `chat_manager`, `speaker_selection_agent`, `checking_agent` */
  readonly managers?: readonly string[] | undefined;
  /** Finds the provider's answer, or its usage, in a message, where no client is attached. */
  readonly usage?: ((message: unknown) => unknown) | undefined;
}

/** To be called when an agent begins to reply; gives back the messages. */
export type BeforeReply = <Messages>(agent: AgentLike, messages: Messages) => Messages;

/** To be called before a message is sent; gives back the message. Silent ones are a manager's copies for the others. */
export type BeforeSend = <Message>(
  sender: AgentLike,
  message: Message,
  recipient?: AgentLike,
  silent?: boolean,
) => Message;

/**
 * The two hooks that tell of agents' turns, for code that is built like AG2's. They never throw, and give back what they are given.
 *
 * What belongs together is found by the agent object and the chat, never by a name alone. A reply that failed is abandoned when its agent
 * begins again, and its time is in no figure. A turn goes on over the messages that ask for tools. Time that people took is not the
 * agent's, where `humanInput` is around it.
 *
 * @example
 * ```ts
 * const [beforeReply, beforeSend] = createResponseTrackingHooks({ tracker, workflow, tokenTracker });
 * agent.registerHook('process_all_messages_before_reply', (messages) => beforeReply(agent, messages));
 * agent.registerHook('process_message_before_send', beforeSend);
 * ```
 */
export function createResponseTrackingHooks(
  options: ResponseTrackingOptions,
): readonly [beforeReply: BeforeReply, beforeSend: BeforeSend] {
  const hooks = new ResponseHooks(options);
  const beforeReply: BeforeReply = (agent, messages) => {
    guarded('before a reply', () => hooks.beforeReply(agent, messages));
    return messages;
  };
  const beforeSend: BeforeSend = (sender, message, _recipient, silent) => {
    guarded('before a message is sent', () => hooks.beforeSend(sender, message, silent === true));
    return message;
  };
  return [beforeReply, beforeSend];
}
