import { metrics, type Counter, type Histogram, type MeterProvider } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from './instrumentation-name.ts';

/** All instruments, of one meter provider. */
export interface Instruments {
  readonly tokenUsage: Histogram;
  readonly operationDuration: Histogram;
  readonly timeToFirstChunk: Histogram;
  readonly invokeAgentDuration: Histogram;
  readonly invokeWorkflowDuration: Histogram;
  readonly executeToolDuration: Histogram;
  readonly inferenceCalls: Histogram;
  readonly toolCalls: Histogram;
  readonly cost: Counter;
  readonly tokens: Counter;
  readonly unpricedTokens: Counter;
  readonly inferences: Counter;
  readonly turns: Counter;
  readonly handoffs: Counter;
  readonly messages: Counter;
  readonly errors: Counter;
  readonly retries: Counter;
  readonly dropped: Counter;
  readonly thresholdCrossings: Counter;
  readonly turnDuration: Histogram;
  readonly inferenceDuration: Histogram;
  readonly toolDuration: Histogram;
  readonly humanWait: Histogram;
  readonly sessionDuration: Histogram;
  readonly timeToFirstToken: Histogram;
}

/**
 * The instruments of the provider that is set now. OpenTelemetry's metrics have no proxy: an instrument that was made before the
 * provider was set does nothing for ever, so the provider is looked at each time.
 */
export class CurrentInstruments {
  #provider: MeterProvider | undefined;
  #instruments: Instruments | undefined;
  #own: MeterProvider | undefined;

  /** Takes these from a provider of its own from now on, or again from the global one. */
  use(provider: MeterProvider | undefined): void {
    this.#own = provider;
  }

  get(): Instruments {
    const provider = this.#own ?? metrics.getMeterProvider();
    if (this.#instruments === undefined || provider !== this.#provider) {
      this.#provider = provider;
      this.#instruments = createInstruments(provider);
    }
    return this.#instruments;
  }
}

function createInstruments(provider: MeterProvider): Instruments {
  const make = makersOf(provider);
  return { ...createStandardInstruments(make), ...createOwnInstruments(make) };
}

interface Makers {
  readonly counter: (name: string, unit: string, description: string) => Counter;
  readonly histogram: (name: string, unit: string, description: string, boundaries: readonly number[]) => Histogram;
  readonly seconds: (name: string, description: string, boundaries?: readonly number[]) => Histogram;
}

function makersOf(provider: MeterProvider): Makers {
  const meter = provider.getMeter(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION);
  const histogram: Makers['histogram'] = (name, unit, description, boundaries) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...boundaries] } });
  return {
    counter: (name, unit, description) => meter.createCounter(name, { unit, description }),
    histogram,
    seconds: (name, description, boundaries = CALL_SECONDS) =>
      histogram(name, names.UNIT_SECONDS, description, boundaries),
  };
}

/** The GenAI conventions' own. */
function createStandardInstruments({ histogram, seconds }: Makers): Pick<Instruments, StandardInstrument> {
  return {
    tokenUsage: histogram(names.METRIC_GEN_AI_CLIENT_TOKEN_USAGE, names.UNIT_TOKENS, 'Tokens of a model call.', TOKENS),
    operationDuration: seconds(names.METRIC_GEN_AI_CLIENT_OPERATION_DURATION, 'Duration of a model call.'),
    timeToFirstChunk: seconds(
      names.METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
      'Time to the first chunk of a streamed answer.',
    ),
    invokeAgentDuration: seconds(names.METRIC_GEN_AI_INVOKE_AGENT_DURATION, 'Duration of a turn.', RUN_SECONDS),
    invokeWorkflowDuration: seconds(
      names.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
      'Duration of one run of a workflow.',
      RUN_SECONDS,
    ),
    executeToolDuration: seconds(names.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, 'Duration of a tool call.'),
    inferenceCalls: histogram(
      names.METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
      names.UNIT_INFERENCE_CALLS,
      'Model calls of a turn.',
      CALLS,
    ),
    toolCalls: histogram(
      names.METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
      names.UNIT_TOOL_CALLS,
      'Tool calls of a turn.',
      CALLS,
    ),
  };
}

function createOwnInstruments({ counter, seconds }: Makers): Omit<Instruments, StandardInstrument> {
  return {
    cost: counter(names.METRIC_TURNMETER_COST_USD, names.UNIT_USD, 'Cost of model calls.'),
    tokens: counter(names.METRIC_TURNMETER_TOKENS, names.UNIT_TOKENS, 'Tokens of model calls, by direction.'),
    unpricedTokens: counter(names.METRIC_TURNMETER_UNPRICED_TOKENS, names.UNIT_TOKENS, 'Tokens without a price.'),
    inferences: counter(
      names.METRIC_TURNMETER_INFERENCES,
      names.UNIT_INFERENCE_CALLS,
      'Model calls, by source of their usage.',
    ),
    turns: counter(names.METRIC_TURNMETER_TURNS, names.UNIT_TURNS, 'Turns, by outcome.'),
    handoffs: counter(names.METRIC_TURNMETER_HANDOFFS, names.UNIT_HANDOFFS, 'Handoffs from agent to agent.'),
    messages: counter(names.METRIC_TURNMETER_MESSAGES, names.UNIT_MESSAGES, 'Messages that agents sent.'),
    errors: counter(names.METRIC_TURNMETER_ERRORS, names.UNIT_ERRORS, 'Failed model calls, tools and turns.'),
    retries: counter(names.METRIC_TURNMETER_RETRIES, names.UNIT_RETRIES, 'Requests that clients sent again.'),
    dropped: counter(
      names.METRIC_TURNMETER_INSTRUMENTATION_DROPPED,
      names.UNIT_RECORDS,
      'What was seen and could not be reported.',
    ),
    thresholdCrossings: counter(
      names.METRIC_TURNMETER_SESSION_THRESHOLD_CROSSINGS,
      names.UNIT_CROSSINGS,
      'Sessions that came to a level of their budget.',
    ),
    turnDuration: seconds(
      names.METRIC_TURNMETER_TURN_DURATION_SECONDS,
      'Duration of a turn without waiting for people.',
      RUN_SECONDS,
    ),
    inferenceDuration: seconds(names.METRIC_TURNMETER_INFERENCE_DURATION_SECONDS, 'Duration of a model call.'),
    toolDuration: seconds(names.METRIC_TURNMETER_TOOL_DURATION_SECONDS, 'Duration of a tool call.'),
    humanWait: seconds(names.METRIC_TURNMETER_HUMAN_WAIT_SECONDS, 'Time that a person took.', RUN_SECONDS),
    sessionDuration: seconds(
      names.METRIC_TURNMETER_SESSION_DURATION_SECONDS,
      'Duration of one run of a session.',
      RUN_SECONDS,
    ),
    timeToFirstToken: seconds(
      names.METRIC_TURNMETER_TIME_TO_FIRST_TOKEN_SECONDS,
      'Time to the first token of a streamed answer.',
    ),
  };
}

type StandardInstrument =
  | 'tokenUsage'
  | 'operationDuration'
  | 'timeToFirstChunk'
  | 'invokeAgentDuration'
  | 'invokeWorkflowDuration'
  | 'executeToolDuration'
  | 'inferenceCalls'
  | 'toolCalls';

// Buckets as the GenAI conventions advise.
const CALL_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] as const;
const TOKENS = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
] as const;
/** Turns and runs take longer than calls: to half an hour. */
const RUN_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600, 1800] as const;
const CALLS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89] as const;
