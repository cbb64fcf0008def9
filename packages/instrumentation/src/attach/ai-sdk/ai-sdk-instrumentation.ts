import { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import { guarded } from '../../emit/guarded.ts';
import { isObject, objectOr } from '../../usage/json-object.ts';
import { Patches } from '../patches.ts';
import { TurnmeterInstrumentation, type TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { callAgent } from './called-agent.ts';
import { guardedFunction } from './guarded-function.ts';
import { withGuardedModel } from './guarded-model.ts';
import { joinIntegrations, type Integration } from './integrations-slot.ts';
import { replaceFunctions, type AnyFunction } from './module-functions.ts';
import { OpenCalls } from './open-calls.ts';
import { withIntegration } from './opted-out.ts';
import { telemetrySeven } from './telemetry-seven.ts';
import { telemetrySix } from './telemetry-six.ts';
import { countedFunction, countedStream } from './version-six-functions.ts';

/**
 * Reports the AI SDK (`ai`), versions 6 (from 6.0.111 on) and 7: a call with a `functionId`, or of an agent with an `id`, is that agent's turn; below it are
 * its calls of models and tools. It is one of the SDK's own telemetry integrations, beside those of others.
 *
 * A call of version 7 that has `integrations` of its own, or turns telemetry off, is counted too, with nothing of what was said, where
 * the module could be attached to as it was imported.
 */
export class AiSdkInstrumentation extends TurnmeterInstrumentation {
  declare private patches: Patches;
  declare private calls: OpenCalls;
  declare private integration: Integration;
  declare private leave: (() => void) | undefined;
  /** Classes of agents that were ever attached to, and whether they are of version 7. */
  declare private agents: Map<object, boolean>;

  constructor(config: TurnmeterInstrumentationConfig = {}) {
    super('ai-sdk', config);
  }

  override enable(): void {
    super.enable();
    if (this.leave !== undefined) return;
    this.leave = joinIntegrations(this.integration, () => telemetrySix(this.calls));
    for (const [prototype, isSeven] of this.agents) this.attachTo(prototype, isSeven);
  }

  override disable(): void {
    super.disable();
    this.leave?.();
    this.leave = undefined;
    this.patches.undo();
  }

  /** Takes the module `ai`, for the names of its agents. */
  override attach(moduleExports: unknown): void {
    guarded('attaching to the AI SDK', () => {
      if (!isObject(moduleExports)) return;
      const { ToolLoopAgent: agent } = moduleExports;
      const prototype: unknown = typeof agent === 'function' ? agent.prototype : undefined;
      if (!isObject(prototype)) return;
      const isSeven = isVersionSeven(moduleExports);
      this.agents.set(prototype, isSeven);
      if (this.isEnabled()) this.attachTo(prototype, isSeven);
    });
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    this.patches ??= new Patches();
    this.calls ??= new OpenCalls();
    this.integration ??= telemetrySeven(this.calls);
    this.agents ??= new Map();
    const patch = (moduleExports: unknown): unknown => {
      this.attach(moduleExports);
      if (!isObject(moduleExports)) return moduleExports;
      const replaced = guarded('attaching to the AI SDK', () => this.replace(moduleExports));
      return replaced ?? moduleExports;
    };
    return [new InstrumentationNodeModuleDefinition('ai', ['>=6.0.111'], patch)];
  }

  private attachTo(prototype: object, isSeven: boolean): void {
    // An agent's id is not among what the SDK tells.
    for (const method of ['generate', 'stream']) {
      this.patches.wrap(prototype, method, (original) =>
        this.whileEnabled(original, function (this: unknown, ...args) {
          const id: unknown = objectOr(this)['id'];
          return callAgent(typeof id === 'string' ? id : undefined, () => Reflect.apply(original, this, args));
        }),
      );
    }
    const { integration } = this;
    this.patches.wrap(prototype, 'prepareCall', (original) =>
      this.whileEnabled(original, async function (this: unknown, ...args) {
        const settings: unknown = await Reflect.apply(original, this, args);
        if (!isObject(settings)) return settings;
        return withGuardedModel(isSeven ? withIntegration(settings, integration) : settings);
      }),
    );
  }

  private replace(moduleExports: object): unknown {
    const { integration } = this;
    if (isVersionSeven(moduleExports)) {
      return replaceFunctions(moduleExports, SEVENS_FUNCTIONS, (name, original) => {
        const asking = guardedFunction(name, original, moduleExports);
        return this.whileEnabled(original, function (this: unknown, settings, ...rest) {
          return asking.call(this, isObject(settings) ? withIntegration(settings, integration) : settings, ...rest);
        });
      });
    }
    return replaceFunctions(moduleExports, SIXES_FUNCTIONS, (name, original) => {
      const asking = guardedFunction(name, original, moduleExports);
      if (name === 'streamText') return this.whileEnabled(original, asking);
      if (name === 'streamObject') return this.whileEnabled(original, countedStream(name, asking, this.calls));
      if (name !== 'generateText') return this.whileEnabled(original, countedFunction(name, asking));
      // Of a call that fails, version 6 tells nothing: its promise does.
      return this.whileEnabled(original, function (this: unknown, ...args) {
        return callAgent(undefined, () => asking.apply(this, args));
      });
    });
  }

  /** What replaces a function is that function when the instrumentation is off. */
  private whileEnabled(original: AnyFunction, replacement: AnyFunction): AnyFunction {
    const isEnabled = (): boolean => this.isEnabled();
    return function (this: unknown, ...args) {
      return Reflect.apply(isEnabled() ? replacement : original, this, args);
    };
  }
}

const SEVENS_FUNCTIONS = [
  'generateText',
  'streamText',
  'generateObject',
  'streamObject',
  'embed',
  'embedMany',
] as const;
const SIXES_FUNCTIONS = ['generateText', 'streamText', 'generateObject', 'streamObject', 'embed', 'embedMany'] as const;

function isVersionSeven(moduleExports: object): boolean {
  return typeof Reflect.get(moduleExports, 'registerTelemetry') === 'function';
}
