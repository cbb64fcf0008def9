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
  declare private patches: Patches;
  declare private runs: OpenRuns;
  declare private calls: ModelCalls;
  declare private handler: RunHandler;
  /** Every module that was ever attached to, to attach to it again. */
  declare private known: Set<unknown>;
  declare private leave: (() => void)[];

  constructor(config: TurnmeterInstrumentationConfig = {}) {
    super('langchain', config);
  }

  override attach(moduleExports: unknown): void {
    this.known.add(moduleExports);
    if (this.handler.isEnabled) guarded('attaching to LangChain', () => this.patch(moduleExports));
  }

  override enable(): void {
    super.enable();
    if (this.handler.isEnabled) return;
    this.handler.isEnabled = true;
    for (const moduleExports of this.known) guarded('attaching to LangChain', () => this.patch(moduleExports));
    this.leave = [addScopeSource(() => this.handler.scopeOfRun()), addScopeSource(() => this.handler.scopeOfCall())];
  }

  override disable(): void {
    super.disable();
    this.handler.isEnabled = false;
    this.patches.undo();
    for (const leave of this.leave.splice(0)) leave();
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    this.patches = new Patches();
    this.runs = new OpenRuns();
    this.calls = new ModelCalls();
    this.handler = new RunHandler(this.runs, this.calls);
    this.handler.isEnabled = false;
    this.known = new Set();
    this.leave = [];
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
    const patching = { patches: this.patches, calls: this.calls, runs: this.runs };
    let isKnown = asyncCaller !== undefined;
    if (callbackManager !== undefined) isKnown = patchCallbacks(this.patches, callbackManager, this.handler);
    if (chatModel !== undefined) isKnown = patchModels(chatModel, false, patching);
    if (completionModel !== undefined) isKnown = patchModels(completionModel, true, patching);
    if (asyncCaller !== undefined) patchAsyncCaller(this.patches, asyncCaller);
    if (isKnown) return;
    warnOnce(
      'shape of LangChain',
      `${PACKAGE} has another shape than its known versions (CallbackManager._configureSync, _generateUncached of its models): its runs may not be seen`,
    );
  }
}

const PACKAGE = '@langchain/core';
/** Open upwards: the shape is looked at, and a version that has another one is told of. */
const VERSIONS = ['>=0.3.0'];
