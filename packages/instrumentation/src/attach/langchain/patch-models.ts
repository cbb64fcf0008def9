import { AsyncResource } from 'node:async_hooks';
import { guarded } from '../../emit/guarded.ts';
import { isObject, listOr, objectOr } from '../../usage/json-object.ts';
import type { Patches } from '../patches.ts';
import { admitted, admittedStream, giveBack, streams } from './guarded-models.ts';
import { markSteps } from './mark-steps.ts';
import { newCall, type ModelCall, type ModelCalls } from './model-calls.ts';
import { ModelLevel } from './model-level.ts';
import type { OpenRuns } from './open-runs.ts';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Wrap = (original: Method) => Method;

/** What the patches of models need. */
export interface ModelPatching {
  readonly patches: Patches;
  readonly calls: ModelCalls;
  readonly runs: OpenRuns;
}

/** Marks the methods of a model class in which calls are made. */
export function patchModels(prototype: object, isOneRequest: boolean, patching: ModelPatching): boolean {
  const { patches, calls } = patching;
  const wrap = (name: string, method: Wrap): boolean => patches.wrap<unknown[], unknown>(prototype, name, method);
  const isWrapped = wrap(
    '_generateUncached',
    (generate) =>
      function (prompts, options, handled, started, ...others) {
        const call = newCall({ isOneRequest });
        const go = (): unknown => {
          guarded('a model call of LangChain', () => beginStarted(started, call, patching));
          if (!isOneRequest && listOr(prompts).length > 1)
            guarded('a batch of LangChain', () => patchOwnGenerate(this, patching));
          return calls.run(call, () => generate.call(this, prompts, options, handled, started, ...others));
        };
        return admitted({ model: this, prompts: isOneRequest ? [prompts] : listOr(prompts), options }, call, go);
      },
  );
  wrap(
    '_generateCached',
    (lookUp) =>
      function (...args) {
        const call = newCall({ isLookup: true });
        const result = calls.run(call, () => lookUp.call(this, ...args));
        forgetUnanswered(result, call, patching.runs);
        return result;
      },
  );
  wrap(
    '_streamIterator',
    (iterate) =>
      function (...args) {
        const call = newCall({ isStream: true, isOneRequest });
        const go = (): unknown => {
          const iterator = calls.run(call, () => iterate.call(this, ...args));
          guarded('a stream of LangChain', () =>
            markSteps(iterator, {
              run: (step) => calls.run(call, step),
              left: () => closeAll(call, patching.runs),
            }),
          );
          return iterator;
        };
        // A model that cannot stream is invoked by it, which asks by itself.
        if (!streams(this, prototype)) return go();
        return admittedStream({ model: this, prompts: [args[0]], options: args[1] }, call, go);
      },
  );
  return isWrapped;
}

/**
 * Where an app limits how many calls a model makes at once, the next one is made by the one that has ended, in its asynchronous context.
 * It belongs where it was asked for.
 */
export function patchAsyncCaller(patches: Patches, asyncCaller: object): void {
  for (const name of ['call', 'callWithRetries']) {
    patches.wrap<unknown[], unknown>(
      asyncCaller,
      name,
      (call) =>
        function (this: unknown, ...args) {
          const isLimited = Number.isFinite(objectOr(this)['maxConcurrency']);
          return call.apply(this, isLimited ? args.map(inThisContext) : args);
        },
    );
  }
}

function inThisContext(value: unknown): unknown {
  return typeof value === 'function' ? AsyncResource.bind(value as Method) : value;
}

/** The answer was not in the cache: the runs that LangChain began before it looked are calls now. */
function beginStarted(started: unknown, call: ModelCall, { runs }: ModelPatching): void {
  for (const manager of listOr(started).slice(0, call.isOneRequest ? 1 : undefined)) {
    const level = runs.get(runIdOf(manager));
    if (!(level instanceof ModelLevel)) continue;
    level.begin(call.admissions.shift());
    call.runs.push(level);
  }
}

/** Old versions begin other runs for what was not in the cache, and never end the first ones. */
function forgetUnanswered(result: unknown, call: ModelCall, runs: OpenRuns): void {
  const forget = (isTakenUp: boolean): void => {
    if (!isTakenUp) for (const run of call.runs) runs.remove(run.runId);
  };
  if (!(result instanceof Promise)) return;
  result.then(
    (output: unknown) => forget(Array.isArray(objectOr(output)['startedRunManagers'])),
    () => forget(false),
  );
}

/** With several conversations at once each request has to find its own run: only here LangChain hands it to the model's method. */
function patchOwnGenerate(model: unknown, { patches, calls, runs }: ModelPatching): void {
  let owner: unknown = model;
  while (isObject(owner) && !Object.hasOwn(owner, '_generate')) owner = Object.getPrototypeOf(owner);
  if (!isObject(owner)) return;
  patches.wrap<unknown[], unknown>(
    owner,
    '_generate',
    (generate) =>
      function (this: unknown, ...args) {
        const level = runs.get(runIdOf(args[2]));
        if (!(level instanceof ModelLevel)) return generate.call(this, ...args);
        const call = newCall();
        call.runs.push(level);
        return calls.run(call, () => generate.call(this, ...args));
      },
  );
}

function closeAll(call: ModelCall, runs: OpenRuns): void {
  giveBack(call);
  for (const run of call.runs) {
    runs.remove(run.runId);
    run.abandon();
  }
}

function runIdOf(manager: unknown): string | undefined {
  const { runId } = objectOr(manager);
  return typeof runId === 'string' ? runId : undefined;
}
