import { InstrumentationNodeModuleDefinition, InstrumentationNodeModuleFile } from '@opentelemetry/instrumentation';
import { guarded, warnOnce } from '../../emit/guarded.ts';
import { addScopeSource } from '../../session/scope.ts';
import { Patches } from '../patches.ts';
import { TurnmeterInstrumentation, type TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { CORE_MODULES, coreClassesOf } from './core-classes.ts';
import { ModelCalls } from './model-calls.ts';
import { OpenRuns } from './open-runs.ts';
import { patchCallbacks } from './patch-callbacks.ts';
import { patchAsyncCaller, patchModels } from './patch-models.ts';
import { RunHandler } from './run-handler.ts';

/**
 * Reports LangChain and LangGraph, by `@langchain/core`: a graph's run is a run of a workflow, an agent's part of it a turn, with its tools
 * and model calls. The session is `configurable.thread_id`. Holds for `createAgent`, `createReactAgent`, supervisors, swarms, deep agents
 * and hand-written graphs, where each node that asks a model is an agent; chains without a graph have calls and no turns.
 */
export class LangChainInstrumentation extends TurnmeterInstrumentation {
  declare private attached: Attached;

  constructor(config: TurnmeterInstrumentationConfig = {}) {
    super('langchain', config);
  }

  override attach(moduleExports: unknown): void {
    this.attached.modules.add(moduleExports);
    if (this.attached.handler.isEnabled) guarded('attaching to LangChain', () => this.patch(moduleExports));
  }

  override enable(): void {
    super.enable();
    const { handler, modules, leave } = this.attached;
    if (handler.isEnabled) return;
    handler.isEnabled = true;
    for (const moduleExports of modules) guarded('attaching to LangChain', () => this.patch(moduleExports));
    leave.push(
      addScopeSource(() => handler.scopeOfRun()),
      addScopeSource(() => handler.scopeOfCall()),
    );
  }

  override disable(): void {
    super.disable();
    const { handler, patches, leave } = this.attached;
    handler.isEnabled = false;
    patches.undo();
    for (const undo of leave.splice(0)) undo();
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    // Whoever asks for the module definitions has it called again.
    this.attached ??= newAttached();
    const patch = (moduleExports: unknown): unknown => {
      this.attach(moduleExports);
      return moduleExports;
    };
    const files = CORE_MODULES.flatMap((path) =>
      ['.js', '.cjs'].map(
        (ending) => new InstrumentationNodeModuleFile(`${PACKAGE}/${path}${ending}`, VERSIONS, patch, () => undefined),
      ),
    );
    return [new InstrumentationNodeModuleDefinition(PACKAGE, VERSIONS, undefined, undefined, files)];
  }

  private patch(moduleExports: unknown): void {
    const { callbackManager, chatModel, completionModel, asyncCaller } = coreClassesOf(moduleExports);
    const { patches, handler } = this.attached;
    let isKnown = asyncCaller !== undefined;
    if (callbackManager !== undefined) isKnown = patchCallbacks(patches, callbackManager, handler);
    if (chatModel !== undefined) isKnown = patchModels(chatModel, false, this.attached);
    if (completionModel !== undefined) isKnown = patchModels(completionModel, true, this.attached);
    if (asyncCaller !== undefined) patchAsyncCaller(patches, asyncCaller);
    if (isKnown) return;
    warnOnce(
      'shape of LangChain',
      `${PACKAGE} has another shape than its known versions (CallbackManager._configureSync, _generateUncached of its models): its runs may not be seen`,
    );
  }
}

/** What there is for as long as the instrumentation is. */
interface Attached {
  readonly patches: Patches;
  readonly runs: OpenRuns;
  readonly calls: ModelCalls;
  readonly handler: RunHandler;
  /** Every module that was ever attached to, to attach to it again. */
  readonly modules: Set<unknown>;
  /** What `disable()` does beside. */
  readonly leave: (() => void)[];
}

function newAttached(): Attached {
  const runs = new OpenRuns();
  const calls = new ModelCalls();
  return { patches: new Patches(), runs, calls, handler: new RunHandler(runs, calls), modules: new Set(), leave: [] };
}

const PACKAGE = '@langchain/core';
/** Open upwards: the shape is looked at, and a version that has another one is told of. */
const VERSIONS = ['>=0.3.0'];
