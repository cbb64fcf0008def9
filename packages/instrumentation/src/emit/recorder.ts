import { trace, type MeterProvider, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { createRequire } from 'node:module';
import type { createPriceBook, PriceBook } from '@turnmeter/pricing';
import { resolveConfig, type ResolvedConfig, type TurnmeterConfig } from '../config.ts';
import { processState } from '../session/process-state.ts';
import { AnsweredIds } from './answered-ids.ts';
import { warnOnce } from './guarded.ts';
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from './instrumentation-name.ts';
import { CurrentInstruments, type Instruments } from './instruments.ts';

/** What all that is emitted shares: configuration, tracer, instruments, prices. One in a process. */
export class Recorder {
  /** Answers that were counted already, by their ids. */
  readonly answered: AnsweredIds = new AnsweredIds();
  readonly #instruments = new CurrentInstruments();
  #config: ResolvedConfig;
  #tracerProvider: TracerProvider | undefined;
  #prices: PriceBook | undefined;

  constructor(config: ResolvedConfig = resolveConfig()) {
    this.#config = config;
  }

  get config(): ResolvedConfig {
    return this.#config;
  }

  get instruments(): Instruments {
    processState().beforeEmit?.();
    return this.#instruments.get();
  }

  /** The global provider's, unless another one was set. */
  get tracer(): Tracer {
    processState().beforeEmit?.();
    return (this.#tracerProvider ?? trace).getTracer(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION);
  }

  /** Loaded at the first call: the price list takes a tenth of a second that starting the app need not wait for. */
  get prices(): PriceBook {
    return (this.#prices ??= this.#openPrices());
  }

  configure(config: TurnmeterConfig): void {
    this.#config = resolveConfig(config);
    this.#prices = undefined;
  }

  useTracerProvider(provider: TracerProvider | undefined): void {
    this.#tracerProvider = provider;
  }

  useMeterProvider(provider: MeterProvider | undefined): void {
    this.#instruments.use(provider);
  }

  #openPrices(): PriceBook {
    const pricing = createRequire(import.meta.url)('@turnmeter/pricing') as {
      readonly createPriceBook: typeof createPriceBook;
    };
    try {
      return pricing.createPriceBook({ overrides: this.#config.prices });
    } catch (error) {
      warnOnce('prices', 'your own prices were refused, so that only published ones are used', error);
      return pricing.createPriceBook();
    }
  }
}

/** The recorder of this process. */
export function recorder(): Recorder {
  return (processState().recorder ??= new Recorder());
}

/** Sets how this process is instrumented; what is left out has its default again. */
export function configure(config: TurnmeterConfig): void {
  recorder().configure(config);
  const state = processState();
  state.root = undefined;
  // Whoever asks for it next starts another one.
  state.guard?.stop();
  state.guard = undefined;
  state.isGuardRead = false;
}
