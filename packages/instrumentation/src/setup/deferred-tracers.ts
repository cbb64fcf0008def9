import type { Tracer, TracerProvider } from '@opentelemetry/api';

/**
 * Gives tracers that ask at each span whose provider it is now. Instrumentations get theirs when they are made, which is before the SDK
 * that they are made for is set up, and whoever kept a tracer of an SDK that gave way would go on with one that is shut down.
 */
export class DeferredTracerProvider implements TracerProvider {
  readonly #current: () => TracerProvider;

  constructor(current: () => TracerProvider) {
    this.#current = current;
  }

  getTracer(...asked: Parameters<TracerProvider['getTracer']>): Tracer {
    let provider: TracerProvider | undefined;
    let tracer: Tracer | undefined;
    const real = (): Tracer => {
      const current = this.#current();
      if (tracer === undefined || current !== provider) tracer = current.getTracer(...asked);
      provider = current;
      return tracer;
    };
    return {
      startSpan: (...span) => real().startSpan(...span),
      startActiveSpan: (...span: unknown[]) => (real().startActiveSpan as (...all: unknown[]) => never)(...span),
    };
  }

  /** Not of the API, but what an app that is about to end looks for. */
  async forceFlush(): Promise<void> {
    await (this.#current() as Flushable).forceFlush?.();
  }
}

interface Flushable {
  readonly forceFlush?: () => Promise<void>;
}
