import { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import { guarded } from '../../emit/guarded.ts';
import { isObject } from '../../usage/json-object.ts';
import { Patches } from '../patches.ts';
import { TurnmeterInstrumentation, type TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { callAgent } from './called-agent.ts';
import { joinIntegrations } from './integrations-slot.ts';
import { OpenCalls } from './open-calls.ts';
import { telemetrySeven } from './telemetry-seven.ts';
import { telemetrySix } from './telemetry-six.ts';

/**
 * Reports the AI SDK (`ai`): a call with a `functionId`, or of an agent with an `id`, is that agent's turn; below it are its calls of
 * models and tools. It is one of the SDK's own telemetry integrations, beside those of others.
 */
export class AiSdkInstrumentation extends TurnmeterInstrumentation {
  declare private patches: Patches;
  declare private leave: (() => void) | undefined;
  declare private known: Set<object>;

  constructor(config: TurnmeterInstrumentationConfig = {}) {
    super('ai-sdk', config);
  }

  override enable(): void {
    super.enable();
    if (this.leave !== undefined) return;
    const calls = new OpenCalls();
    this.leave = joinIntegrations(telemetrySeven(calls), () => telemetrySix(calls));
    for (const prototype of this.known) this.attachTo(prototype);
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
      this.known.add(prototype);
      if (this.isEnabled()) this.attachTo(prototype);
    });
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    this.patches ??= new Patches();
    this.known ??= new Set();
    const patch = (moduleExports: unknown): unknown => {
      this.attach(moduleExports);
      return moduleExports;
    };
    return [new InstrumentationNodeModuleDefinition('ai', ['>=6.0.0'], patch)];
  }

  /** An agent's id is not among what the SDK tells. */
  private attachTo(prototype: object): void {
    for (const method of ['generate', 'stream']) {
      this.patches.wrap(prototype, method, (original) => {
        const isEnabled = (): boolean => this.isEnabled();
        return function (this: unknown, ...args) {
          const id = isObject(this) ? this['id'] : undefined;
          if (typeof id !== 'string' || !isEnabled()) return Reflect.apply(original, this, args);
          return callAgent(id, () => Reflect.apply(original, this, args));
        };
      });
    }
  }
}
