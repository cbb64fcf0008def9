import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { InstrumentationBase, type InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { TurnmeterConfig } from '../config.ts';
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from '../emit/instrumentation-name.ts';
import { configure, recorder } from '../emit/recorder.ts';

/** Configuration of each of the instrumentations: OpenTelemetry's own (`enabled`) and Turnmeter's, which all of them share. */
export interface TurnmeterInstrumentationConfig extends InstrumentationConfig, TurnmeterConfig {}

/**
 * What all instrumentations here share: spans, metrics and running sums come from one recorder, so that a call that a framework and a
 * client both report is one. Providers and configuration that one of them is given hold for all.
 *
 * The base class's constructor calls `init()` and `enable()` before the fields of a subclass exist: subclasses `declare` their fields
 * and fill them there.
 */
export abstract class TurnmeterInstrumentation extends InstrumentationBase<TurnmeterInstrumentationConfig> {
  /** `attached` is what it attaches to: `openai`, `langchain` … */
  constructor(attached: string, config: TurnmeterInstrumentationConfig = {}) {
    super(`${INSTRUMENTATION_NAME}/${attached}`, INSTRUMENTATION_VERSION, config);
    if (hasSettings(config)) configure(config);
  }

  /** Attaches to a module that was imported before the instrumentation was there, or by a bundler. Doing it twice is doing it once. */
  abstract attach(moduleExports: unknown): void;

  /** For definitions of modules: attaches to what was loaded, and leaves it the object that it is. */
  protected attachOnLoad(): (moduleExports: unknown) => unknown {
    return (moduleExports) => {
      this.attach(moduleExports);
      return moduleExports;
    };
  }

  override setTracerProvider(provider: TracerProvider): void {
    super.setTracerProvider(provider);
    recorder().useTracerProvider(provider);
  }

  override setMeterProvider(provider: MeterProvider): void {
    super.setMeterProvider(provider);
    recorder().useMeterProvider(provider);
  }

  override setConfig(config: TurnmeterInstrumentationConfig): void {
    super.setConfig(config);
    if (hasSettings(config)) configure(config);
  }
}

function hasSettings(config: TurnmeterInstrumentationConfig): boolean {
  return Object.keys(config).some((name) => name !== 'enabled');
}
