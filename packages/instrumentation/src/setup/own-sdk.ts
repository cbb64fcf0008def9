import {
  diag,
  type MeterProvider,
  metrics as metricsApi,
  ProxyTracerProvider,
  type TracerProvider,
} from '@opentelemetry/api';
import { guarded } from '../emit/guarded.ts';
import { processState } from '../session/process-state.ts';
import { apiCopies, type ApiCopy } from './api-copies.ts';
import { DeferredMeterProvider } from './deferred-meters.ts';
import { DeferredTracerProvider } from './deferred-tracers.ts';
import { startSdk, type RunningSdk } from './sdk.ts';

/** A provider that passes on to the one that is set later. */
interface Proxy extends TracerProvider {
  getDelegate(): TracerProvider;
  setDelegate(provider: TracerProvider): void;
}

/**
 * The SDK that is set up for an app which has none. It starts with the first telemetry, so that an app that sets up its own is joined, not
 * fought; should the app do so later, ours gives way. Whoever got tracers and meters before follows.
 */
export class OwnSdk {
  readonly #apis: ApiCopy[] = [...apiCopies()];
  readonly #undo: (() => void)[] = [];
  readonly #tracers = new DeferredTracerProvider(() => this.#currentTracers());
  readonly #meters = new DeferredMeterProvider(() => this.#currentMeters());
  #own: OwnProviders | undefined;
  #isOver = false;

  /** Waits for the first telemetry. */
  wait(): void {
    if (this.#hasProvider()) {
      this.#isOver = true;
      return;
    }
    for (const api of this.#apis) this.#defer(api);
    const state = processState();
    state.beforeEmit = () => this.#start();
    this.#undo.push(() => (state.beforeEmit = undefined));
  }

  /** The app has loaded one more copy of the API. */
  join(api: ApiCopy): void {
    if (this.#isOver || this.#apis.some(({ trace }) => trace === api.trace)) return;
    this.#apis.push(api);
    this.#defer(api);
    if (this.#own !== undefined) this.#giveWay(api);
  }

  get isRunning(): boolean {
    return this.#own !== undefined;
  }

  /** Sends everything and stops for good. */
  async shutdown(): Promise<void> {
    const own = this.#own;
    this.#own = undefined;
    this.#end();
    await own?.sdk.shutdown().catch((error: unknown) => diag.debug('turnmeter: not all was sent', error));
  }

  /** The process is ending: what is held back is sent at once. */
  sendNow(): void {
    this.#own?.sdk.sendNow(() => void this.#tracers.forceFlush().catch(() => undefined));
  }

  #start(): void {
    if (this.#own !== undefined || this.#isOver) return;
    if (!this.#hasProvider()) guarded('setting up OpenTelemetry', () => this.#startOwn());
    // The app has set up its own.
    if (this.#own === undefined) this.#end();
    this.#currentMeters();
  }

  #startOwn(): void {
    const sdk = startSdk();
    this.#own = { sdk, tracers: this.#findTracers(), meters: registeredMeters() };
    for (const api of this.#apis) {
      this.#deferTracers(api);
      this.#giveWay(api);
    }
  }

  #currentTracers(): TracerProvider {
    this.#start();
    return this.#own?.tracers ?? this.#findTracers();
  }

  #currentMeters(): MeterProvider {
    this.#start();
    const provider = this.#own?.meters ?? registeredMeters();
    this.#meters.attach(provider);
    return provider;
  }

  /** The provider that is registered. */
  #findTracers(): TracerProvider {
    for (const { trace } of this.#apis) {
      const provider = delegateOf(trace.getTracerProvider());
      if (provider !== this.#tracers) return provider;
    }
    return NO_TRACERS;
  }

  #hasProvider(): boolean {
    const tracers = this.#findTracers();
    return (tracers !== NO_TRACERS && !isNoop(tracers)) || !isNoop(registeredMeters());
  }

  #defer(api: ApiCopy): void {
    this.#deferTracers(api);
    this.#deferMeters(api);
  }

  /** For good: a proxy that somebody kept must not lead to an SDK that is shut down. */
  #deferTracers({ trace }: ApiCopy): void {
    const proxy = trace.getTracerProvider();
    if (!isProxy(proxy)) return;
    const delegate = proxy.getDelegate();
    // What is registered is each copy's answer, and may be the app's.
    if (isNoop(delegate) || delegate === this.#own?.tracers) proxy.setDelegate(this.#tracers);
  }

  /** Metrics have no proxy. */
  #deferMeters({ metrics }: ApiCopy): void {
    const getMeterProvider = (): MeterProvider => {
      const provider = registeredMeters();
      return isNoop(provider) || provider === this.#own?.meters ? this.#meters : provider;
    };
    this.#replace(metrics, 'getMeterProvider', getMeterProvider);
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

  #end(): void {
    this.#isOver = true;
    for (const undo of this.#undo.splice(0)) guarded('giving the API back', undo);
  }
}

interface OwnProviders {
  readonly sdk: RunningSdk;
  readonly tracers: TracerProvider;
  readonly meters: MeterProvider;
}

const NO_TRACERS: TracerProvider = new ProxyTracerProvider();

/** What is registered, which is common to all copies of the API; past our own answer to the app. */
const registeredMeters: () => MeterProvider = metricsApi.getMeterProvider.bind(metricsApi);

function isProxy(provider: TracerProvider): provider is Proxy {
  return 'setDelegate' in provider && typeof provider.setDelegate === 'function';
}

function delegateOf(provider: TracerProvider): TracerProvider {
  return isProxy(provider) ? provider.getDelegate() : provider;
}

function isNoop(provider: object): boolean {
  return provider.constructor.name.startsWith('Noop');
}
