import { isObject, objectOr } from '../../usage/json-object.ts';

/**
 * The LangChain run that the calling code is part of, from LangChain's own AsyncLocalStorage: code of tools, lambdas and graph nodes has
 * it. It is one for all copies of LangChain in the process, and none until LangGraph or an app sets it up.
 */
export function currentRunId(): string | undefined {
  const storage = (globalThis as { [STORAGE]?: unknown })[STORAGE];
  if (!isObject(storage) || typeof storage['getStore'] !== 'function') return undefined;
  const store: unknown = (storage as unknown as { getStore(): unknown }).getStore();
  const config = objectOr(objectOr(objectOr(store)['extra'])[CHILD_CONFIG as unknown as string]);
  const id = objectOr(config['callbacks'])['_parentRunId'];
  return typeof id === 'string' ? id : undefined;
}

const STORAGE: unique symbol = Symbol.for('ls:tracing_async_local_storage');
const CHILD_CONFIG = Symbol.for('lc:child_config');
