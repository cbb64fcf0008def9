import { guarded } from '../../emit/guarded.ts';
import { callGuard } from '../../guard/start-guard.ts';
import { isObject, objectOr } from '../../usage/json-object.ts';
import { callAgent } from './called-agent.ts';
import { withGuardedModel } from './guarded-model.ts';
import type { AnyFunction } from './module-functions.ts';

/** A function of the SDK whose model asks the guard before each call; as it is where nothing is guarded. */
export function guardedFunction(name: string, original: AnyFunction, moduleExports: object): AnyFunction {
  const modelOf = modelFinder(name, moduleExports);
  return function (this: unknown, ...args) {
    const [settings, ...rest] = args;
    if (!isObject(settings) || callGuard() === undefined) return original.apply(this, args);
    const asked = guarded(`AI SDK's ${name}`, () => withGuardedModel(settings, modelOf)) ?? settings;
    return callAgent(undefined, () => original.call(this, asked, ...rest));
  };
}

/** Models may be given by their names; the SDK then asks the provider that the app has set, or its gateway. */
function modelFinder(name: string, moduleExports: object): (model: string) => unknown {
  const method = name.startsWith('embed') ? ['textEmbeddingModel', 'embeddingModel'] : ['languageModel'];
  return (model) => {
    const set: unknown = Reflect.get(globalThis, 'AI_SDK_DEFAULT_PROVIDER');
    const provider = objectOr(set ?? Reflect.get(moduleExports, 'gateway'));
    const make = method.map((each) => provider[each]).find((each) => typeof each === 'function');
    return make === undefined ? undefined : (make as AnyFunction).call(provider, model);
  };
}
