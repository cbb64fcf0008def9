import { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import { guarded } from '../../emit/guarded.ts';
import { addScopeSource } from '../../session/scope.ts';
import { isObject, type JsonObject } from '../../usage/json-object.ts';
import { Patches } from '../patches.ts';
import { TurnmeterInstrumentation, type TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { watchProviderSlot } from './provider-slot.ts';
import { watchRunners } from './runner-watch.ts';
import { isTraceProvider } from './sdk-tracing.ts';
import { TraceWatch } from './trace-watch.ts';

/**
 * Reports `@openai/agents`: a trace is a run, an agent's span a turn, with its handoffs, tools and model calls. It sees what the SDK's
 * own tracing makes and changes nothing of it: exporters and processors of the SDK and of others stay as they are.
 */
export class OpenAIAgentsInstrumentation extends TurnmeterInstrumentation {
  declare private watch: TraceWatch | undefined;
  declare private undo: readonly (() => void)[];
  declare private patches: Patches;
  declare private runners: Set<object>;

  constructor(config: TurnmeterInstrumentationConfig = {}) {
    super('openai-agents', config);
  }

  override enable(): void {
    super.enable();
    if (this.watch !== undefined) return;
    const watch = new TraceWatch();
    this.watch = watch;
    this.undo = [
      watchProviderSlot((provider) => watch.watch(provider)),
      addScopeSource(() => watch.currentScope()),
      () => watch.stop(),
      () => this.patches.undo(),
    ];
    for (const prototype of this.runners) this.watchRunner(prototype);
  }

  override disable(): void {
    super.disable();
    if (this.watch === undefined) return;
    this.watch = undefined;
    for (const undo of this.undo) undo();
  }

  /** Takes the SDK's module, for runners that trace nothing, or a trace provider that is not the global one. */
  override attach(moduleOrProvider: unknown): void {
    guarded('attaching to OpenAI Agents', () => {
      if (isTraceProvider(moduleOrProvider)) {
        this.watch?.watch(moduleOrProvider);
        return;
      }
      const runner = isObject(moduleOrProvider) ? moduleOrProvider['Runner'] : undefined;
      const prototype: unknown = typeof runner === 'function' ? runner.prototype : undefined;
      if (!isObject(prototype)) return;
      this.runners.add(prototype);
      if (this.isEnabled()) this.watchRunner(prototype);
    });
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    this.patches ??= new Patches();
    this.runners ??= new Set();
    const patch = this.attachOnLoad();
    const patchOld = (moduleExports: unknown): unknown => {
      this.attach(isObject(moduleExports) ? ownProvider(moduleExports) : undefined);
      return patch(moduleExports);
    };
    return ['@openai/agents-core', '@openai/agents'].flatMap((name) => [
      new InstrumentationNodeModuleDefinition(name, ['>=0.4.0'], patch),
      new InstrumentationNodeModuleDefinition(name, ['>=0.1.0 <0.4.0'], patchOld),
    ]);
  }

  private watchRunner(prototype: object): void {
    watchRunners(prototype, this.patches, () => this.isEnabled());
  }
}

/** Before version 0.4 each copy of the SDK kept its trace provider to itself. */
function ownProvider({ getGlobalTraceProvider: provide }: JsonObject): unknown {
  return typeof provide === 'function' ? guarded('provider of OpenAI Agents', () => provide() as unknown) : undefined;
}
