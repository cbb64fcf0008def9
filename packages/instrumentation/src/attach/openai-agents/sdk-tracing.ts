// The parts of the SDK's tracing that are used here, as all versions have them. Nothing of the SDK is imported: its CommonJS and its
// ESM copy have classes of their own and share only these objects.

/** What a span is about; `type` says of what kind. */
export type SdkSpanData = Readonly<Record<string, unknown>>;

/** A span of the SDK; a disabled one has data all the same. Copies of a span have the same data object. */
export interface SdkSpan {
  readonly spanData: SdkSpanData;
  readonly error?: SdkSpanError | null | undefined;
  start(): void;
  end(): void;
}

/** What is told of an error: its text, never the error itself. */
export interface SdkSpanError {
  readonly message?: unknown;
  readonly data?: unknown;
}

/** What a trace is asked to be, and is unless it is disabled. */
export interface SdkTraceFacts {
  readonly name?: unknown;
  readonly groupId?: unknown;
  readonly metadata?: unknown;
}

/** One workflow's trace, or a disabled one. */
export interface SdkTrace extends SdkTraceFacts {
  readonly traceId: string;
  start(): Promise<void>;
  end(): Promise<void>;
}

/** Makes all traces and spans; one for all copies of the SDK. */
export interface SdkTraceProvider {
  createTrace(options: SdkTraceFacts): SdkTrace;
  createSpan(options: Readonly<Record<string, unknown>>, parent?: unknown): SdkSpan;
  getCurrentSpan(): SdkSpan | null | undefined;
  getCurrentTrace(): SdkTrace | null | undefined;
}

/** Whether a value has the shape of a provider. */
export function isTraceProvider(value: unknown): value is SdkTraceProvider {
  if (typeof value !== 'object' || value === null) return false;
  return METHODS.every((name) => typeof Reflect.get(value, name) === 'function');
}

/** Whether a value is a span rather than a trace. */
export function isSpan(value: unknown): value is SdkSpan {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'spanData') === 'object';
}

/** Whether a trace is one that goes nowhere: all of those have the same id. */
export function isDisabledTrace({ traceId }: SdkTrace): boolean {
  return traceId === 'no-op';
}

const METHODS = ['createTrace', 'createSpan', 'getCurrentSpan', 'getCurrentTrace'] as const;
