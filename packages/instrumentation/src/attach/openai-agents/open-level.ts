import { TurnOutcome } from '@turnmeter/semconv';
import { isInRun, OpenRun } from '../../emit/run.ts';
import { startInference } from '../../emit/start-inference.ts';
import { OpenTool } from '../../emit/tool.ts';
import { OpenTurn } from '../../emit/turn.ts';
import type { Identity } from '../../session/identity.ts';
import { liveSessions } from '../../session/live-sessions.ts';
import { scopeBelow, type Scope } from '../../session/scope.ts';
import { isObject, textOr } from '../../usage/json-object.ts';
import { answerOf, providerOf, requestedModelOf, wasLeft } from './answer.ts';
import { failureOf, type Failure } from './failure.ts';
import { turnLevelOf, type Level } from './level.ts';
import type { SdkSpan, SdkSpanData, SdkTraceFacts } from './sdk-tracing.ts';

/** Begins what a span of the SDK stands for. Of kinds that mean nothing here (task, turn, custom) only the place in the tree is kept. */
export function openLevel(data: SdkSpanData, parent: Level, scope: Scope): Level {
  switch (data['type']) {
    case 'agent':
      return openAgent(data, parent, scope);
    case 'function':
      return openFunction(data, parent, scope);
    case 'handoff':
      return { parent, scope, end: (span) => handOver(span, parent) };
    case 'response':
    case 'generation':
      return openAnswer(data, parent, scope);
    case 'task':
      return { parent, scope, end: (span) => noteFailure(parent, failureOf(span)) };
    default:
      return { parent, scope };
  }
}

/** Begins a run. Within a run that is under way (an agent as a tool; a group chat of the app's own), a trace is but a part of it. */
export function openTrace(trace: SdkTraceFacts, outer: Scope): Level {
  const identity = identityOf(trace);
  if (isInRun(outer)) return { parent: undefined, scope: withIdentity(outer, identity) };
  const run = new OpenRun({ identity, scope: outer });
  return { parent: undefined, scope: run.scope, run };
}

/** A place without a trace that is seen: tracing is disabled for one runner alone. */
export function untracedLevel(outer: Scope): Level {
  return { parent: undefined, scope: outer };
}

/** The trace is over. */
export function closeTrace({ run, failure }: Level): void {
  run?.end({ error: failure?.error });
}

function openAgent(data: SdkSpanData, parent: Level, scope: Scope): Level {
  const agent = textOr(data['name']) ?? 'Agent';
  const { handedOver } = parent;
  parent.handedOver = undefined;
  // Only what the SDK calls a handoff is one: without it the agent follows on nobody, not even on the one of the run before.
  const from = handedOver?.to === agent ? handedOver.from : agent;
  const turn = new OpenTurn({ agent, from, scope });
  const level: Level = {
    parent,
    scope: turn.scope,
    turn,
    end(span) {
      const failure = failureOf(span);
      if (parent.run !== undefined) noteFailure(parent, failure);
      turn.end(failure ?? { outcome: level.wasLeft === true ? TurnOutcome.STOPPED : TurnOutcome.COMPLETED });
    },
  };
  return level;
}

function noteFailure(parent: Level, failure: Failure | undefined): void {
  parent.failure = failure;
  if (failure !== undefined) parent.onFailure?.();
}

function openFunction(data: SdkSpanData, parent: Level, scope: Scope): Level {
  const tool = new OpenTool({ name: textOr(data['name']) ?? 'function', scope, arguments: () => data['input'] });
  return {
    parent,
    scope: tool.scope,
    end: (span) => tool.end({ error: failureOf(span)?.error, result: () => span.spanData['output'] }),
  };
}

function openAnswer(data: SdkSpanData, parent: Level, scope: Scope): Level {
  const inference = startInference({
    operation: 'chat',
    provider: providerOf(data),
    model: requestedModelOf(data),
    scope,
  });
  return {
    parent,
    scope: inference.scope,
    end(span) {
      const { spanData } = span;
      const failure = failureOf(span);
      const speaker = turnLevelOf(parent);
      if (speaker !== undefined) speaker.wasLeft = failure === undefined && wasLeft(spanData);
      inference.end({
        facts: answerOf(spanData),
        error: failure === undefined ? undefined : (failure.error ?? ABORTED),
      });
    },
  };
}

/** A call that was aborted has failed, whatever the run makes of it. */
const ABORTED = { name: 'AbortError' } as const;

function handOver({ spanData }: SdkSpan, parent: Level): void {
  const to = textOr(spanData['to_agent']);
  const speaker = turnLevelOf(parent);
  if (to === undefined || speaker?.turn === undefined) return;
  speaker.turn.handoff(to);
  if (speaker.parent !== undefined) speaker.parent.handedOver = { from: speaker.turn.agent, to };
}

function withIdentity(outer: Scope, identity: Identity): Scope {
  const named = scopeBelow(outer, { identity });
  return outer.live === undefined ? { ...named, live: liveSessions().of(named.identity) } : named;
}

/** `groupId` is the SDK's conversation; its name for a workflow that nobody named is none. */
function identityOf({ name, groupId, metadata }: SdkTraceFacts): Identity {
  const more = isObject(metadata) ? metadata : {};
  const named = textOr(name);
  return {
    session: textOr(groupId) ?? firstText(more, ['session_id', 'sessionId', 'thread_id', 'threadId']),
    workflow: named === DEFAULT_NAME ? undefined : named,
    user: firstText(more, ['user_id', 'userId']),
  };
}

const DEFAULT_NAME = 'Agent workflow';

function firstText(values: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textOr(values[key]);
    if (text !== undefined) return text;
  }
  return undefined;
}
