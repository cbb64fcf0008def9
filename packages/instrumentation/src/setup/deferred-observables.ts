import type { BatchObservableCallback, Meter, MeterProvider, Observable, ObservableCallback } from '@opentelemetry/api';

/** The instruments of one meter that are asked for their values: whoever can ask comes later, and another one may come after it. */
export class DeferredObservables {
  readonly #meterOf: (provider: MeterProvider) => Meter;
  readonly #observables = new Set<DeferredObservable>();
  readonly #batches = new Map<BatchObservableCallback, readonly Observable[]>();
  #provider: MeterProvider | undefined;

  constructor(meterOf: (provider: MeterProvider) => Meter) {
    this.#meterOf = meterOf;
  }

  create(make: (meter: Meter) => Observable): Observable {
    const observable = new DeferredObservable(make);
    this.#observables.add(observable);
    if (this.#provider !== undefined) observable.attach(this.#meterOf(this.#provider));
    return observable;
  }

  addBatch(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    this.#batches.set(callback, observables);
    if (this.#provider !== undefined) this.#attachBatch(this.#meterOf(this.#provider), callback, observables);
  }

  /** The provider goes on asking, and is told nothing. */
  removeBatch(callback: BatchObservableCallback): void {
    this.#batches.delete(callback);
  }

  attach(provider: MeterProvider): void {
    this.#provider = provider;
    const meter = this.#meterOf(provider);
    for (const observable of this.#observables) observable.attach(meter);
    for (const [callback, observables] of this.#batches) this.#attachBatch(meter, callback, observables);
  }

  #attachBatch(meter: Meter, callback: BatchObservableCallback, observables: readonly Observable[]): void {
    meter.addBatchObservableCallback(async (result) => {
      if (!this.#batches.has(callback)) return;
      await callback({ observe: (observable, ...value) => result.observe(realOf(observable), ...value) });
    }, observables.map(realOf));
  }
}

class DeferredObservable implements Observable {
  readonly #make: (meter: Meter) => Observable;
  readonly #callbacks = new Set<ObservableCallback>();
  real: Observable | undefined;

  constructor(make: (meter: Meter) => Observable) {
    this.#make = make;
  }

  addCallback(callback: ObservableCallback): void {
    this.#callbacks.add(callback);
    this.real?.addCallback(callback);
  }

  removeCallback(callback: ObservableCallback): void {
    this.#callbacks.delete(callback);
    this.real?.removeCallback(callback);
  }

  attach(meter: Meter): void {
    this.real = this.#make(meter);
    for (const callback of this.#callbacks) this.real.addCallback(callback);
  }
}

function realOf(observable: Observable): Observable {
  return observable instanceof DeferredObservable ? (observable.real ?? observable) : observable;
}
