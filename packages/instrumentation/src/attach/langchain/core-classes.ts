import { isObject, type JsonObject } from '../../usage/json-object.ts';

/** The classes of one copy of `@langchain/core` or `@langchain/langgraph` that are attached to, as far as a module exports them. */
export interface CoreClasses {
  /** With the static method that gives every run its callbacks. */
  readonly callbackManager: object | undefined;
  /** Prototypes of the classes that all models extend. */
  readonly chatModel: object | undefined;
  readonly completionModel: object | undefined;
  /** Prototype of the class by which models make their requests. */
  readonly asyncCaller: object | undefined;
  /** Prototype of the class that all graphs are. */
  readonly graph: object | undefined;
}

/** Modules of each package, without the ending that tells ESM (`.js`) from CommonJS (`.cjs`). */
export const MODULES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    '@langchain/core',
    [
      'dist/callbacks/manager',
      'dist/language_models/chat_models',
      'dist/language_models/llms',
      'dist/utils/async_caller',
    ],
  ],
  ['@langchain/langgraph', ['dist/pregel/index']],
]);

/** Finds the classes in what a module exports, by name and shape. */
export function coreClassesOf(moduleExports: unknown): CoreClasses {
  const found = isObject(moduleExports) ? moduleExports : {};
  return {
    callbackManager: withMethod(found, 'CallbackManager', '_configureSync'),
    chatModel: withMethod(prototypesOf(found), 'BaseChatModel', '_generateUncached'),
    completionModel: withMethod(prototypesOf(found), 'BaseLLM', '_generateUncached'),
    asyncCaller: withMethod(prototypesOf(found), 'AsyncCaller', 'call'),
    graph: withMethod(prototypesOf(found), 'Pregel', '_streamIterator'),
  };
}

function withMethod(holders: JsonObject, name: string, method: string): object | undefined {
  const holder = holders[name];
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return undefined;
  return typeof Reflect.get(holder, method) === 'function' ? holder : undefined;
}

function prototypesOf(found: JsonObject): JsonObject {
  const prototypes: Record<string, unknown> = {};
  for (const name of ['BaseChatModel', 'BaseLLM', 'AsyncCaller', 'Pregel']) {
    const { [name]: exported } = found;
    if (typeof exported === 'function') prototypes[name] = exported.prototype;
  }
  return prototypes;
}
