// What an app is instrumented with: one of these in a process.

import { createRequire } from 'node:module';
import path from 'node:path';

/** Clients of OpenAI, by the names they are installed under. Others' instrumentations end at version 6. */
export const CLIENTS = { 'openai 6': 'openai', 'openai 7': 'openai-7' } as const;

/** A client's name and version. */
export type Client = keyof typeof CLIENTS;

/** A budget that no call comes near: what is measured is that it is asked. */
const BUDGET = { budget: { usd: 1_000_000, expectedUsd: 900_000 } };

/** What instruments them: a package, the name of a class in it, and its options. */
export const STACKS = {
  none: undefined,
  turnmeter: ['@turnmeter/instrumentation', 'OpenAIInstrumentation'],
  'turnmeter with a budget': ['@turnmeter/instrumentation', 'OpenAIInstrumentation', BUDGET],
  'instrumentation-openai': ['@opentelemetry/instrumentation-openai', 'OpenAIInstrumentation'],
  OpenLLMetry: ['@traceloop/instrumentation-openai', 'OpenAIInstrumentation'],
  OpenInference: ['@arizeai/openinference-instrumentation-openai', 'OpenAIInstrumentation'],
} as const satisfies Record<string, readonly [packageName: string, className: string, options?: object] | undefined>;

/** Somebody's instrumentation, or none. */
export type Stack = keyof typeof STACKS;

/** Whether it is ours. */
export function isOurs(stack: Stack): boolean {
  return stack.startsWith('turnmeter');
}

/** `require` of an app in a folder. */
export type Loader = (name: string) => unknown;

/** Loads packages as an app in that folder does. */
export function loaderOf(folder: string): Loader {
  return createRequire(path.join(folder, 'package.json'));
}

/** OpenTelemetry's SDK, running. */
export interface Sdk {
  /** Hands over what is held back. */
  flush(): Promise<void>;
  /** Spans that were handed over, up to now. */
  spanCount(): number;
}

/** Sets OpenTelemetry up as an app does, with exporters that do nothing, and an instrumentation, before a client is loaded. */
export function startSdk(load: Loader, stack: Stack): Sdk {
  const { context, metrics, trace } = load('@opentelemetry/api') as Record<'context' | 'metrics' | 'trace', GlobalApi>;
  const { BatchSpanProcessor, TracerProvider } = classesOf<Flushing>(load('@opentelemetry/sdk-trace'));
  const { MeterProvider, PeriodicExportingMetricReader } = classesOf<object>(load('@opentelemetry/sdk-metrics'));
  const { AsyncLocalStorageContextManager } = classesOf<{ enable(): object }>(
    load('@opentelemetry/context-async-hooks'),
  );
  const { registerInstrumentations } = load('@opentelemetry/instrumentation') as {
    readonly registerInstrumentations: (parts: object) => void;
  };
  let spans = 0;
  const spanExporter = exporterTo((batch) => (spans += (batch as readonly object[]).length));
  const queue = { maxQueueSize: SPANS_MAX };
  const processor = new BatchSpanProcessor({ exporter: spanExporter, ...queue });
  const tracerProvider = new TracerProvider({ spanProcessors: [processor] });
  const reader = new PeriodicExportingMetricReader({ exporter: exporterTo(() => undefined) });
  const meterProvider = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager?.(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider?.(tracerProvider);
  metrics.setGlobalMeterProvider?.(meterProvider);
  registerInstrumentations({ tracerProvider, meterProvider, instrumentations: createInstrumentations(load, stack) });
  return { flush: () => tracerProvider.forceFlush(), spanCount: () => spans };
}

interface GlobalApi {
  setGlobalContextManager?(manager: object): void;
  setGlobalTracerProvider?(provider: object): void;
  setGlobalMeterProvider?(provider: object): void;
}

interface Flushing {
  forceFlush(): Promise<void>;
}

type Classes<Instance> = Readonly<Record<string, new (options?: object) => Instance>>;

/** Larger than a block of calls: a full queue throws away, which is faster. */
const SPANS_MAX = 65_536;

/** Their types are in a folder that is only there when a program has run. A name that is missing is an error where it is called. */
function classesOf<Instance>(loaded: unknown): Required<Record<ClassName, Classes<Instance>[string]>> {
  return loaded as Required<Record<ClassName, Classes<Instance>[string]>>;
}

type ClassName =
  | 'AsyncLocalStorageContextManager'
  | 'BatchSpanProcessor'
  | 'MeterProvider'
  | 'PeriodicExportingMetricReader'
  | 'TracerProvider';

function exporterTo(take: (batch: unknown) => void): object {
  return {
    export: (batch: unknown, done: (result: { readonly code: number }) => void) => {
      take(batch);
      done({ code: 0 });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

function createInstrumentations(load: Loader, stack: Stack): readonly object[] {
  const found = STACKS[stack];
  if (found === undefined) return [];
  const [packageName, className, options]: readonly [string, string, object?] = found;
  const { [className]: Instrumentation } = load(packageName) as Record<string, new (options?: object) => object>;
  if (Instrumentation === undefined) throw new Error(`${packageName} exports no ${className}`);
  return [new Instrumentation(options)];
}
