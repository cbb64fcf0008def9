import { InstrumentationNodeModuleDefinition, InstrumentationNodeModuleFile } from '@opentelemetry/instrumentation';
import { guarded, warnOnce } from '../../emit/guarded.ts';
import { addScopeSource } from '../../session/scope.ts';
import { Patches } from '../patches.ts';
import { TurnmeterInstrumentation, type TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { coreClassesOf, MODULES } from './core-classes.ts';
import { GraphStreams } from './graph-streams.ts';
import { ModelCalls } from './model-calls.ts';
import { OpenRuns } from './open-runs.ts';
import { patchCallbacks } from './patch-callbacks.ts';
import { patchAsyncCaller, patchModels } from './patch-models.ts';
import { RunHandler, type Watched } from './run-handler.ts';

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
      addScopeSource((asked) => handler.scopeOfRun(asked)),
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
    const patch = this.attachOnLoad();
    return [...MODULES].map(([name, modules]) => {
      const files = modules.flatMap((path) =>
        ['.js', '.cjs'].map(
          (ending) => new InstrumentationNodeModuleFile(`${name}/${path}${ending}`, VERSIONS, patch, () => undefined),
        ),
      );
      return new InstrumentationNodeModuleDefinition(name, VERSIONS, undefined, undefined, files);
    });
  }

  private patch(moduleExports: unknown): void {
    const { callbackManager, chatModel, completionModel, asyncCaller, graph } = coreClassesOf(moduleExports);
    const { patches, handler, runs, streams } = this.attached;
    let isKnown = asyncCaller !== undefined;
    if (callbackManager !== undefined) isKnown = patchCallbacks(patches, callbackManager, handler);
    if (chatModel !== undefined) isKnown = patchModels(chatModel, false, this.attached);
    if (completionModel !== undefined) isKnown = patchModels(completionModel, true, this.attached);
    if (graph !== undefined) isKnown = streams.patch(patches, graph, runs);
    if (asyncCaller !== undefined) patchAsyncCaller(patches, asyncCaller);
    if (isKnown) return;
    warnOnce(
      'shape of LangChain',
      'LangChain has another shape than its known versions (CallbackManager._configureSync, _generateUncached of models, _streamIterator of graphs): its runs may not be seen',
    );
  }
}

/** What there is for as long as the instrumentation is. */
interface Attached extends Watched {
  readonly patches: Patches;
  readonly handler: RunHandler;
  /** Every module that was ever attached to, to attach to it again. */
  readonly modules: Set<unknown>;
  /** What `disable()` does beside. */
  readonly leave: (() => void)[];
}

function newAttached(): Attached {
  const watched = { runs: new OpenRuns(), calls: new ModelCalls(), streams: new GraphStreams() };
  return { ...watched, patches: new Patches(), handler: new RunHandler(watched), modules: new Set(), leave: [] };
}

/** Open upwards: the shape is looked at, and a version that has another one is told of. */
const VERSIONS = ['>=0.2.0'];
