import type { App } from './app.ts';

/** The AI SDK 5 and 6 report the calls that ask for it; whether there are such calls in the app's own code. */
export function reportsByCall({ sources }: App, name: string): boolean {
  return name === 'ai' && sources.files.some(({ code }) => code.includes('experimental_telemetry'));
}
