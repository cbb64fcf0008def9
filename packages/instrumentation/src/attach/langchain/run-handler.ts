import { guarded } from '../../emit/guarded.ts';
import { startInference } from '../../emit/start-inference.ts';
import type { Admission } from '../../guard/guarded-call.ts';
import { currentScope, isBelow, type Scope, type ScopeQuestion } from '../../session/scope.ts';
import { objectOr, textOr } from '../../usage/json-object.ts';
import { usageFrom } from '../../usage/usage-from.ts';
import { failureOf } from './control-flow.ts';
import { GraphLevel, withIdentity } from './graph-level.ts';
import { ChainLevel, type Level } from './level.ts';
import { messagesOf } from './messages.ts';
import type { GraphStreams } from './graph-streams.ts';
import type { ModelCalls } from './model-calls.ts';
import { ModelLevel } from './model-level.ts';
import { NodeLevel } from './node-level.ts';
import type { OpenRuns } from './open-runs.ts';
import { identityOf, isGraph, isNode, modelFactsOf, nameOf } from './run-facts.ts';
import { currentRunId } from './running-config.ts';
import { ToolLevel } from './tool-level.ts';

/**
 * What LangChain calls at the begin and end of each run, as its `BaseCallbackHandler` is, without being one: the class differs between
 * copies of LangChain. One for the whole process; each method's arguments are LangChain's.
 */
export class RunHandler {
  readonly name = 'turnmeter';
  /** Told at once, in the caller's own asynchronous context; otherwise LangChain tells it later, from a queue. */
  readonly awaitHandlers = true;
  readonly raiseError = false;
  readonly ignoreLLM = false;
  readonly ignoreChain = false;
  readonly ignoreAgent = false;
  readonly ignoreRetriever = false;
  readonly ignoreCustomEvent = true;
  /** Whether runs that begin are told of; those that have begun are told to their end. */
  isEnabled = false;
  readonly #runs: OpenRuns;
  readonly #calls: ModelCalls;
  readonly #streams: GraphStreams;
  /** Callbacks run in the app's context, where code of the app would be part of the runs that are told of. */
  #told: 'model' | 'run' | undefined;

  constructor({ runs, calls, streams }: Watched) {
    this.#runs = runs;
    this.#calls = calls;
    this.#streams = streams;
  }

  /** Where the app's code in a LangChain run is, as far as LangChain knows. */
  scopeOfRun({ isLook }: ScopeQuestion): Scope | undefined {
    if (this.#told !== undefined || this.#runs.size === 0) return undefined;
    const level = this.#runs.get(currentRunId());
    return isLook ? level?.scope : level?.scopeForWork();
  }

  /** Where a client's call below a model of LangChain's is. */
  scopeOfCall(): Scope | undefined {
    return this.#told === 'model' ? this.#calls.outerScope() : this.#calls.scope();
  }

  handleChainStart(
    serialized: unknown,
    _inputs: unknown,
    runId: string,
    parentRunId?: string,
    tags?: unknown,
    metadata?: unknown,
    _runType?: unknown,
    runName?: unknown,
  ): void {
    this.#begin('run', () => {
      const parent = this.#runs.get(parentRunId);
      const name = nameOf(runName, serialized);
      if (isGraph(serialized)) {
        const node = parent instanceof NodeLevel ? parent : undefined;
        const identity = identityOf(metadata);
        const outer = innermost(parent?.scope);
        const isAgent = name !== undefined && objectOr(metadata)['lc_agent_name'] === name;
        const level = new GraphLevel({ runId, outer, name, identity, isAgent, node });
        this.#streams.began(level);
        return this.#runs.add(runId, level);
      }
      if (parent instanceof GraphLevel && name !== undefined && name !== START_NODE && isNode(tags)) {
        return this.#runs.add(runId, new NodeLevel({ runId, name, graph: parent }));
      }
      const level = parent ?? new ChainLevel(runId, withIdentity(currentScope(), identityOf(metadata)));
      return this.#runs.add(runId, level);
    });
  }

  handleChainEnd(_outputs: unknown, runId: string): void {
    this.#end(runId, (level) => level.end({}));
  }

  handleChainError(error: unknown, runId: string): void {
    this.#end(runId, (level) => level.end(failureOf(error)));
  }

  handleChatModelStart(
    serialized: unknown,
    messages: unknown,
    runId: string,
    parentRunId?: string,
    extraParams?: unknown,
    _tags?: unknown,
    metadata?: unknown,
  ): void {
    this.#beginModel('chat', { serialized, input: messages, runId, parentRunId, extraParams, metadata });
  }

  handleLLMStart(
    serialized: unknown,
    prompts: unknown,
    runId: string,
    parentRunId?: string,
    extraParams?: unknown,
    _tags?: unknown,
    metadata?: unknown,
  ): void {
    this.#beginModel('text_completion', { serialized, input: prompts, runId, parentRunId, extraParams, metadata });
  }

  handleLLMNewToken(
    _token: unknown,
    _index: unknown,
    runId: string,
    _parentRunId?: unknown,
    _tags?: unknown,
    fields?: unknown,
  ): void {
    guarded('a token of LangChain', () => {
      const level = this.#runs.get(runId);
      if (level instanceof ModelLevel) level.chunk(fields);
    });
  }

  handleLLMEnd(output: unknown, runId: string): void {
    this.#end(runId, (level) => {
      if (!(level instanceof ModelLevel)) return;
      // LangChain's name of who answered is not the conventions'; the one it was asked by is.
      const facts = { ...usageFrom(output), provider: undefined };
      level.answer({ facts, output: () => messagesOf(output) });
    });
  }

  handleLLMError(error: unknown, runId: string): void {
    this.#end(runId, (level) => level.end({ error }));
  }

  handleToolStart(
    serialized: unknown,
    input: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: unknown,
    metadata?: unknown,
    runName?: unknown,
    toolCallId?: unknown,
  ): void {
    const name = nameOf(runName, serialized) ?? 'tool';
    this.#beginTool({ runId, parentRunId, name, type: 'function', input, metadata, callId: textOr(toolCallId) });
  }

  handleToolEnd(output: unknown, runId: string): void {
    this.#end(runId, (level) => {
      if (level instanceof ToolLevel) level.answer(output);
    });
  }

  handleToolError(error: unknown, runId: string): void {
    this.#end(runId, (level) => level.end(failureOf(error)));
  }

  handleRetrieverStart(
    serialized: unknown,
    query: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: unknown,
    metadata?: unknown,
    runName?: unknown,
  ): void {
    // A tool that wraps a retriever is one call.
    if (this.#runs.get(parentRunId) instanceof ToolLevel) return;
    const name = nameOf(runName, serialized) ?? 'retriever';
    this.#beginTool({ runId, parentRunId, name, type: 'datastore', input: query, metadata, callId: undefined });
  }

  handleRetrieverEnd(documents: unknown, runId: string): void {
    this.handleToolEnd(documents, runId);
  }

  handleRetrieverError(error: unknown, runId: string): void {
    this.handleToolError(error, runId);
  }

  #beginModel(
    operation: string,
    { serialized, input, runId, parentRunId, extraParams, metadata }: ModelRunStart,
  ): void {
    this.#begin('model', () => {
      const call = this.#calls.current;
      // Several prompts of a completion model are one request, of which LangChain makes a run each.
      if (call?.isOneRequest === true && call.runs.length > 0) return;
      const outer = this.#outerOf(parentRunId, metadata, (level) => level.scopeForWork());
      const { isStream, ...facts } = modelFactsOf(serialized, extraParams, metadata);
      const start = (admission: Admission | undefined) =>
        startInference({
          ...facts,
          admission,
          operation,
          scope: outer,
          isStream: isStream || call?.isStream === true,
          content: () => ({ input: messagesOf(input) }),
        });
      const level = new ModelLevel({ runId, outer, start });
      if (call?.isLookup !== true) level.begin(call?.admissions.shift());
      call?.runs.push(level);
      this.#runs.add(runId, level);
    });
  }

  #beginTool({ runId, parentRunId, metadata, ...tool }: ToolRun): void {
    this.#begin('run', () => {
      const scope = this.#outerOf(parentRunId, metadata, (level) => level.scopeForTool());
      this.#runs.add(runId, new ToolLevel({ ...tool, runId, scope, turn: this.#runs.get(parentRunId)?.turn }));
    });
  }

  /** The framework knows which run is above; the app may have put the code further inside. */
  #outerOf(parentRunId: string | undefined, metadata: unknown, scopeOf: (level: Level) => Scope): Scope {
    const parent = this.#runs.get(parentRunId);
    return parent === undefined ? withIdentity(currentScope(), identityOf(metadata)) : innermost(scopeOf(parent));
  }

  #begin(told: 'model' | 'run', work: () => void): void {
    if (!this.isEnabled) return;
    this.#told = told;
    guarded('a run of LangChain that begins', work);
    this.#told = undefined;
  }

  #end(runId: string, finish: (level: Level) => void): void {
    guarded('a run of LangChain that ends', () => {
      const level = this.#runs.remove(runId);
      if (level !== undefined) finish(level);
    });
  }
}

/** What is known of LangChain's runs beside what it tells of them. */
export interface Watched {
  readonly runs: OpenRuns;
  readonly calls: ModelCalls;
  readonly streams: GraphStreams;
}

interface ModelRunStart {
  readonly serialized: unknown;
  readonly input: unknown;
  readonly runId: string;
  readonly parentRunId: string | undefined;
  readonly extraParams: unknown;
  readonly metadata: unknown;
}

interface ToolRun {
  readonly runId: string;
  readonly parentRunId: string | undefined;
  readonly name: string;
  readonly type: string;
  readonly input: unknown;
  readonly metadata: unknown;
  readonly callId: string | undefined;
}

/** LangGraph's own node that takes the input. */
const START_NODE = '__start__';

/** The current scope where it is within the framework's, else the framework's. */
function innermost(theirs: Scope | undefined): Scope {
  const current = currentScope();
  return theirs === undefined || isBelow(current, theirs) ? current : theirs;
}
