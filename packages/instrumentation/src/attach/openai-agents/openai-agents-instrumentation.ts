import type { InstrumentationModuleDefinition } from '@opentelemetry/instrumentation';
import { addScopeSource } from '../../session/scope.ts';
import { TurnmeterInstrumentation, type TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { watchProviderSlot } from './provider-slot.ts';
import { TraceWatch } from './trace-watch.ts';

/**
 * Reports `@openai/agents`: a trace is a run, an agent's span a turn, with its handoffs, tools and model calls. It sees what the SDK's
 * own tracing makes and changes nothing of it: exporters and processors of the SDK and of others stay as they are.
 */
export class OpenAIAgentsInstrumentation extends TurnmeterInstrumentation {
  declare private watch: TraceWatch | undefined;
  declare private undo: readonly (() => void)[];

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
    ];
  }

  override disable(): void {
    super.disable();
    if (this.watch === undefined) return;
    this.watch = undefined;
    for (const undo of this.undo) undo();
  }

  /** Takes the SDK's trace provider (`getGlobalTraceProvider()`), where it is not the global one. */
  override attach(provider: unknown): void {
    this.watch?.watch(provider);
  }

  protected override init(): InstrumentationModuleDefinition[] {
    return [];
  }
}
