import { TurnOutcome } from '@turnmeter/semconv';
import { guarded } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import { refuseIfStopped } from '../guard/admit-call.ts';
import { OpenTurn } from '../emit/turn.ts';
import { currentScope, type TurnCounts } from '../session/scope.ts';
import { follow } from './follow.ts';
import { turnOf } from './turn.ts';
import { type MethodName, wrapMethod } from './wrap-method.ts';

/** How an agent object is made to tell of its turns. */
export interface AgentOptions<Agent extends object> {
  /** The method that is a turn of the agent. */
  readonly reply: MethodName<Agent>;
  /** What the agent is called. @default its `name` */
  readonly name?: string | ((agent: Agent) => string) | undefined;
  /** Finds the provider's answer, or its usage, in a reply, where no client is attached; undefined where there is none. */
  readonly usage?: ((reply: unknown) => unknown) | undefined;
  /** How the speaker was chosen. */
  readonly selection?: string | undefined;
  /** Who spoke before, by the arguments of the reply. @default the last speaker of the session */
  readonly from?: ((...args: readonly unknown[]) => string | undefined) | undefined;
}

/**
 * Makes each reply of an agent object a turn of the chat that it is asked in: one object may speak in many chats at once. A reply that
 * asks itself again is one turn.
 *
 * @returns puts the agent back as it was.
 *
 * @example
 * ```ts
 * const restore = instrumentAgent(writer, { name: 'Writer', reply: 'generateReply' });
 * ```
 */
export function instrumentAgent<Agent extends object>(agent: Agent, options: AgentOptions<Agent>): () => void {
  const restore = guarded('instrumenting an agent', () =>
    wrapMethod(agent, options.reply, (call, self, args) => reply(call, { self, args, options })),
  );
  return restore ?? (() => undefined);
}

interface Asked<Agent extends object> {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly options: AgentOptions<Agent>;
}

function reply<Agent extends object>(call: () => unknown, asked: Asked<Agent>): unknown {
  refuseIfStopped(currentScope);
  const open = guarded('begin of a turn', () => openTurn(asked));
  if (open === undefined) return call();
  const turn = turnOf(open);
  const { usage } = asked.options;
  return follow(call, {
    within: (step) => open.run(step),
    ended: (ending) => {
      if (open.isEnded) return;
      if (ending.outcome === TurnOutcome.COMPLETED) {
        turn.message();
        const answer = guarded('usage of a reply', () => usage?.(ending.value));
        if (answer !== undefined) turn.recordCall(answer);
      }
      open.end(ending);
    },
    idleMsMax: recorder().config.turnTimeoutMs,
  });
}

/** Undefined where this very agent speaks already: it asked itself again. */
function openTurn<Agent extends object>({ self, args, options }: Asked<Agent>): OpenTurn | undefined {
  const scope = currentScope();
  if (scope.turn !== undefined && speakers.get(scope.turn) === self) return undefined;
  const { selection, from } = options;
  const open = new OpenTurn({ agent: nameOf(self as Agent, options), selection, from: from?.(...args), scope });
  if (open.scope.turn !== undefined) speakers.set(open.scope.turn, self);
  return open;
}

/** Whose turn it is, by object: two agents may have one name. */
const speakers = new WeakMap<TurnCounts, unknown>();

function nameOf<Agent extends object>(agent: Agent, { name }: AgentOptions<Agent>): string {
  const own = typeof name === 'function' ? name(agent) : (name ?? (agent as { readonly name?: unknown }).name);
  return typeof own === 'string' && own !== '' ? own : NAMELESS;
}

const NAMELESS = 'agent';
