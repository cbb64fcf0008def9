import { diag, type Meter, type MeterProvider, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { guarded } from '../emit/guarded.ts';
import { processState } from '../session/process-state.ts';
import { apiCopies, type ApiCopy } from './api-copies.ts';
import { startSdk, type RunningSdk } from './sdk.ts';

/** A provider that passes on to the one that is set later. */
interface Proxy extends TracerProvider {
  getDelegate(): TracerProvider;
  setDelegate(provider: TracerProvider): void;
}

/**
 * The SDK that is set up for an app which has none. It starts with the first telemetry, so that an app that sets up its own is joined, not
 * fought; should the app do so later, ours gives way.
 */
export class OwnSdk {
  readonly #apis: readonly ApiCopy[] = apiCopies();
  readonly #undo: (() => void)[] = [];
  #sdk: RunningSdk | undefined;
  #isOver = false;

  /** Waits for the first telemetry. */
  wait(): void {
    for (const api of this.#apis) {
      this.#watchTracers(api);
      this.#watchMeters(api);
    }
    const state = processState();
    state.beforeEmit = () => this.#start();
    this.#undo.push(() => (state.beforeEmit = undefined));
  }

  get isRunning(): boolean {
    return this.#sdk !== undefined;
  }

  /** Sends everything and stops for good. */
  async shutdown(): Promise<void> {
    this.#isOver = true;
    this.#unwatch();
    const sdk = this.#sdk;
    this.#sdk = undefined;
    await sdk?.shutdown().catch((error: unknown) => diag.debug('turnmeter: not all was sent', error));
  }

  /** The process is ending: what is held back is sent at once. */
  sendNow(): void {
    this.#sdk?.sendNow(() => {
      const [api] = this.#apis;
      const provider = api === undefined ? undefined : delegateOf(api.trace.getTracerProvider());
      void (provider as { forceFlush?: () => Promise<void> } | undefined)?.forceFlush?.().catch(() => undefined);
    });
  }

  #start(): void {
    if (this.#sdk !== undefined || this.#isOver) return;
    this.#unwatch();
    if (this.#apis.some((api) => hasProvider(api))) {
      // The app has set up its own.
      this.#isOver = true;
      return;
    }
    guarded('setting up OpenTelemetry', () => {
      this.#sdk = startSdk();
      for (const api of this.#apis) this.#giveWay(api);
    });
  }

  /** Makes tracers that the app asks for start the SDK at their first span. */
  #watchTracers({ trace }: ApiCopy): void {
    const proxy = trace.getTracerProvider();
    if (!isProxy(proxy)) return;
    const before = proxy.getDelegate();
    const waiting: TracerProvider = {
      getTracer: (name, version, options) => {
        const real = (): Tracer => {
          this.#start();
          return trace.getTracerProvider().getTracer(name, version, options);
        };
        return {
          startSpan: (...span) => real().startSpan(...span),
          startActiveSpan: (...span: unknown[]) => (real().startActiveSpan as (...all: unknown[]) => never)(...span),
        };
      },
    };
    proxy.setDelegate(waiting);
    this.#undo.push(() => {
      if (proxy.getDelegate() === waiting) proxy.setDelegate(before);
    });
  }

  /** Metrics have no proxy: whoever asks for a meter gets that of the SDK, which starts for it. */
  #watchMeters({ metrics }: ApiCopy): void {
    const getMeter = (...args: Parameters<MeterProvider['getMeter']>): Meter => {
      this.#start();
      return metrics.getMeterProvider().getMeter(...args);
    };
    this.#replace(metrics, 'getMeter', getMeter);
  }

  /** An app that sets up its own SDK after ours has started: ours sends what it has, and theirs takes over. */
  #giveWay(api: ApiCopy): void {
    const yieldTo = (part: object, name: string): void => {
      const original = Reflect.get(part, name) as (...args: unknown[]) => boolean;
      this.#replace(part, name, (...args: unknown[]): boolean => {
        void this.shutdown();
        for (const { context, metrics, propagation, trace } of this.#apis) {
          for (const each of [context, metrics, propagation, trace]) each.disable();
        }
        return original.apply(part, args);
      });
    };
    yieldTo(api.context, 'setGlobalContextManager');
    yieldTo(api.metrics, 'setGlobalMeterProvider');
    yieldTo(api.trace, 'setGlobalTracerProvider');
  }

  /** On the object itself: taking it away again brings the class's method back. */
  #replace(part: object, name: string, value: unknown): void {
    Object.defineProperty(part, name, { value, configurable: true, writable: true });
    this.#undo.push(() => Reflect.deleteProperty(part, name));
  }

  #unwatch(): void {
    for (const undo of this.#undo.splice(0)) guarded('giving the API back', undo);
  }
}

function isProxy(provider: TracerProvider): provider is Proxy {
  return 'setDelegate' in provider && typeof provider.setDelegate === 'function';
}

function delegateOf(provider: TracerProvider): TracerProvider {
  return isProxy(provider) ? provider.getDelegate() : provider;
}

function hasProvider({ trace, metrics }: ApiCopy): boolean {
  return !isNoop(delegateOf(trace.getTracerProvider())) || !isNoop(metrics.getMeterProvider());
}

function isNoop(provider: object): boolean {
  return provider.constructor.name.startsWith('Noop');
}
