import type { Meter, MeterProvider } from '@opentelemetry/api';
import { DeferredObservables } from './deferred-observables.ts';

/**
 * Gives meters whose instruments ask at each value whose provider it is now, for the same reasons as deferred tracers do. That an
 * instrument is made says nothing: all instrumentations make some, before the SDK that they are made for is set up.
 */
export class DeferredMeterProvider implements MeterProvider {
  readonly #current: () => MeterProvider;
  readonly #observables: DeferredObservables[] = [];
  #attached: MeterProvider | undefined;

  constructor(current: () => MeterProvider) {
    this.#current = current;
  }

  getMeter(...asked: Parameters<MeterProvider['getMeter']>): Meter {
    const current = this.#current;
    // Kept only where there is something to ask: apps may get a meter at each request.
    let kept: DeferredObservables | undefined;
    const observables = (): DeferredObservables => (kept ??= this.#keepObservables(asked));
    return {
      createCounter: (...made) => {
        const real = follow(current, (provider) => provider.getMeter(...asked).createCounter(...made));
        return { add: (...value) => real().add(...value) };
      },
      createUpDownCounter: (...made) => {
        const real = follow(current, (provider) => provider.getMeter(...asked).createUpDownCounter(...made));
        return { add: (...value) => real().add(...value) };
      },
      createHistogram: (...made) => {
        const real = follow(current, (provider) => provider.getMeter(...asked).createHistogram(...made));
        return { record: (...value) => real().record(...value) };
      },
      createGauge: (...made) => {
        const real = follow(current, (provider) => provider.getMeter(...asked).createGauge(...made));
        return { record: (...value) => real().record(...value) };
      },
      createObservableCounter: (...made) => observables().create((meter) => meter.createObservableCounter(...made)),
      createObservableGauge: (...made) => observables().create((meter) => meter.createObservableGauge(...made)),
      createObservableUpDownCounter: (...made) =>
        observables().create((meter) => meter.createObservableUpDownCounter(...made)),
      addBatchObservableCallback: (callback, asks) => observables().addBatch(callback, asks),
      removeBatchObservableCallback: (callback) => observables().removeBatch(callback),
    };
  }

  /** This is the provider now, which asks. */
  attach(provider: MeterProvider): void {
    if (provider === this.#attached) return;
    this.#attached = provider;
    for (const observables of this.#observables) observables.attach(provider);
  }

  #keepObservables(asked: Parameters<MeterProvider['getMeter']>): DeferredObservables {
    const observables = new DeferredObservables((provider) => provider.getMeter(...asked));
    this.#observables.push(observables);
    if (this.#attached !== undefined) observables.attach(this.#attached);
    return observables;
  }
}

/** Makes something once for each provider that there is in turn. */
function follow<Made>(current: () => MeterProvider, make: (provider: MeterProvider) => Made): () => Made {
  let made: { readonly by: MeterProvider; readonly it: Made } | undefined;
  return () => {
    const provider = current();
    if (made?.by !== provider) made = { by: provider, it: make(provider) };
    return made.it;
  };
}
