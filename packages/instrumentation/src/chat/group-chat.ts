import type { Attributes } from '@opentelemetry/api';
import type { SessionFigures } from '../session/figures.ts';
import type { AdmittedRequest, ModelRequest } from './call-model.ts';
import type { CallOptions } from './record-call.ts';
import type { ToolOptions } from './call-tool.ts';
import { type GroupChatOptions, chatOf } from './chat-of.ts';
import type { SelectionOptions } from './speaker-selection.ts';
import type { Turn } from './turn.ts';

/** Who speaks. */
export interface TurnOptions {
  readonly agent: string;
  /** Who spoke before. @default the last speaker of the session */
  readonly from?: string | undefined;
  /** How the speaker was chosen: `auto`, `manual`, `round_robin`, `random` or any other text. */
  readonly selection?: string | undefined;
  readonly attributes?: Attributes | undefined;
}

/**
 * A group chat. Each of its functions gives back what the app's own function gives, as it is: a value, the promise (of a class of the
 * app's, the very object), the generator, the stream; what it throws is thrown. Its model calls, tools and turns are found by
 * AsyncLocalStorage, so chats may run in parallel and share agents.
 */
export interface GroupChat {
  /** The id of the chat. Where it runs inside another session, that session is the one that is told of. */
  readonly session: string;
  /** Runs one request to the chat, from the message of the user to the answer. */
  run<T>(work: () => T): T;
  /** Lets an agent speak. */
  turn<T>(options: TurnOptions, work: (turn: Turn) => T): T;
  /** Chooses who speaks next: model calls of it are the chat's own and not an agent's. */
  selectSpeaker<T>(work: () => T, options?: SelectionOptions): T;
  /** The agent whose turn this is called in passes on to another one. */
  handoff(to: string): void;
  /** Counts a model call that nobody saw: by the provider's answer, or by what `usageFrom` read out of it. */
  recordCall(answer: unknown, options?: CallOptions): void;
  /**
   * Makes a model call that no attached client sees, within the budget: `work` is told which model to ask and how long the answer may be.
   * The call is counted by what it returns, the provider's answer.
   *
   * @throws BudgetExceededError where it is refused; `work` is not called then
   */
  call<T>(request: ModelRequest, work: (admitted: AdmittedRequest) => T | Promise<T>): Promise<T>;
  /** Runs code that waits for a person, which is no agent's time. */
  humanInput<T>(work: () => T): T;
  /** Runs a tool. */
  tool<T>(name: string, work: () => T, options?: ToolOptions): T;
  /** Whether the run reached what it is for: `success`, `failure`, `stopped` or any other text. */
  outcome(status: string): void;
  /** What the session used up to now, in this process. */
  figures(): SessionFigures;
}

/**
 * Begins a group chat: one object for one chat, however many requests it takes.
 *
 * @example
 * ```ts
 * const chat = groupChat({ workflow: 'blog-post' });
 * await chat.run(async () => {
 *   for (const agent of ['Planner', 'Writer', 'Critic']) {
 *     await chat.turn({ agent }, () => ask(agent)); // asks a model, by any client
 *   }
 * });
 * console.log(chat.figures().cost.usd);
 * ```
 */
export function groupChat(options: GroupChatOptions): GroupChat {
  return chatOf(options);
}
