import type { Span } from '@opentelemetry/api';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Recorder } from '../emit/recorder.ts';
import type { CallGuard } from '../guard/guarded-call.ts';
import type { BudgetListener } from '../guard/ladder.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { Scope, ScopeSource } from './scope.ts';

/** What there is once in a process, also where this package is installed twice. */
export interface ProcessState {
  readonly scopes: AsyncLocalStorage<Scope>;
  readonly scopeSources: Set<ScopeSource>;
  root: Scope | undefined;
  sessions: LiveSessions | undefined;
  recorder: Recorder | undefined;
  /** Called before figures are read, by those who know of work that is not in them yet. */
  readonly figureSources: Set<() => void>;
  /** Called with the span of each model call that was counted, when it has ended. */
  readonly callWatchers: Set<(span: Span) => void>;
  /** Asked before each model call, where there is one. */
  guard: CallGuard | undefined;
  /** Whether anybody has looked yet if there is to be one. */
  isGuardRead: boolean;
  /** Packages of clients whose calls ask the guard by themselves. */
  readonly guardedClients: Set<string>;
  readonly budgetListeners: Set<BudgetListener>;
  /** Called before the first telemetry, by whoever waits for it. */
  beforeEmit: (() => void) | undefined;
}

/** The state of this process. */
export function processState(): ProcessState {
  const holder = globalThis as { [STATE]?: ProcessState };
  return (holder[STATE] ??= {
    scopes: new AsyncLocalStorage<Scope>(),
    scopeSources: new Set(),
    root: undefined,
    sessions: undefined,
    recorder: undefined,
    figureSources: new Set(),
    callWatchers: new Set(),
    guard: undefined,
    isGuardRead: false,
    guardedClients: new Set(),
    budgetListeners: new Set(),
    beforeEmit: undefined,
  });
}

/** Counted up when the state's shape changes, so that two versions in one process leave each other alone. */
const STATE: unique symbol = Symbol.for('@turnmeter/instrumentation/1');
