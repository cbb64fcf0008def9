import { AsyncLocalStorage } from 'node:async_hooks';
import type { Admission } from '../../guard/guarded-call.ts';
import type { Scope } from '../../session/scope.ts';
import type { ModelLevel } from './model-level.ts';

/** One call of a model's method, and the runs that LangChain began in it. */
export interface ModelCall {
  /** LangChain looks into its cache: nothing is asked yet. */
  readonly isLookup: boolean;
  readonly isStream: boolean;
  /** One request for all prompts (completion models) or one each (chat models). */
  readonly isOneRequest: boolean;
  readonly runs: ModelLevel[];
  /** What was reserved for its requests, and is not any run's yet. */
  readonly admissions: Admission[];
}

/**
 * Tells which model call the running code makes. LangChain's callbacks cannot say: they are told before the call and after it. So the
 * methods that make calls run within a mark, where the callback leaves the run that it was told of, and where the client below finds it.
 */
export class ModelCalls {
  readonly #running = new AsyncLocalStorage<Mark>();

  get current(): ModelCall | undefined {
    return this.#running.getStore()?.call;
  }

  run<T>(call: ModelCall, work: () => T): T {
    return this.#running.run({ call, outer: this.#running.getStore() }, work);
  }

  /** Where a client's call belongs that is made now. */
  scope(): Scope | undefined {
    return openScope(this.#running.getStore());
  }

  /** Where the current call itself belongs that is part of another one, as that of a model which asks others. */
  outerScope(): Scope | undefined {
    return openScope(this.#running.getStore()?.outer);
  }
}

/** A call of a model's method that begins. */
export function newCall(call: Partial<Omit<ModelCall, 'runs' | 'admissions'>> = {}): ModelCall {
  return { isLookup: false, isStream: false, isOneRequest: false, ...call, runs: [], admissions: [] };
}

interface Mark {
  readonly call: ModelCall;
  readonly outer: Mark | undefined;
}

function openScope(mark: Mark | undefined): Scope | undefined {
  for (let at = mark; at !== undefined; at = at.outer) {
    const open = at.call.runs.find((run) => run.isOpen);
    if (open !== undefined) return open.scope;
  }
  return undefined;
}
