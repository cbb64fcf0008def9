// What the plugin costs an app: at each model call and turn, at its start, and in memory. Beside no instrumentation and those of others, with
// OpenTelemetry's SDK in all of them and answers that are made in the process.

import { printAddedTime } from './instrumented-app/added-time.ts';
import { installApp } from './instrumented-app/install.ts';
import { printMemory } from './instrumented-app/memory.ts';
import { printStartCost } from './instrumented-app/start-cost.ts';

export interface InstrumentationOptions {
  readonly part: readonly string[];
  readonly rounds: number;
  readonly calls: number;
  readonly sessions: number;
}

export async function run({ part, rounds, calls, sessions }: InstrumentationOptions): Promise<void> {
  const folder = installApp();
  if (part.includes('calls')) await printAddedTime({ folder, rounds, calls });
  if (part.includes('start')) printStartCost({ folder, rounds });
  if (part.includes('memory')) await printMemory({ folder, sessions });
}
