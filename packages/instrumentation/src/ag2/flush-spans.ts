import { diag, trace } from '@opentelemetry/api';

/** Sends the spans that OpenTelemetry's SDK of this process holds back, as far as it can. Never throws, and ends with the signal. */
export async function flushSpans(signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  // Not the metrics: no figure of a session is made of them, and an exporter that nobody listens to takes seconds to give up.
  await Promise.race([aborted, flush(tracerProvider())]);
}

/** The API's provider is a stand-in for the SDK's. */
function tracerProvider(): unknown {
  const provider = trace.getTracerProvider() as { getDelegate?: () => unknown };
  return typeof provider.getDelegate === 'function' ? provider.getDelegate() : provider;
}

async function flush(provider: unknown): Promise<void> {
  try {
    await (provider as { forceFlush?: () => Promise<void> }).forceFlush?.();
  } catch (error) {
    diag.debug('turnmeter: not all spans could be sent before a session was finalized', error);
  }
}
