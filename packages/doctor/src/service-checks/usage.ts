// Calls whose tokens are missing, or guessed.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { textOf } from '../service/document.ts';
import { type Service, servicesWith, sumOf } from '../service/service.ts';

export const usage: Check<Service> = {
  name: 'usage',
  run: ({ calls }) => {
    const total = sumOf(calls, 'calls');
    const missing = sumOf(calls, 'calls_without_usage');
    const estimated = sumOf(calls, 'calls_with_estimated_usage');
    const diagnoses: Diagnosis[] = [];
    if (missing > 0) {
      diagnoses.push({
        severity: Severity.WRONG_FIGURES,
        found: `${missing} of ${total} model calls have no tokens`,
        where: servicesWith(calls, 'calls_without_usage'),
        why: 'They are counted as calls and cost nothing in the figures: there is more than is shown.',
        fix: fixesFor(
          calls.filter((row) => Number(row['calls_without_usage']) > 0).map((row) => textOf(row, 'profile')),
        ),
      });
    }
    if (estimated > 0) {
      diagnoses.push({
        severity: Severity.WRONG_FIGURES,
        found: `the tokens of ${estimated} of ${total} model calls are an estimate`,
        where: servicesWith(calls, 'calls_with_estimated_usage'),
        why: 'Somebody counted them with a tokenizer of its own, or what was reported does not decide what it means.',
        fix: ['turnmeter explain <trace> says which, and why'],
      });
    }
    return diagnoses;
  },
};

/** What loses tokens is mostly the stream: by the profile that read the calls. */
function fixesFor(profiles: readonly string[]): readonly string[] {
  const known = new Set(profiles);
  const isWrapped =
    known.has('openinference') || known.has('openllmetry') || known.has('openlit') || known.has('langfuse');
  return [
    'streamed chat completions: stream_options: { include_usage: true }, or TURNMETER_REQUEST_STREAM_USAGE=true',
    ...(isWrapped ? ['@turnmeter/instrumentation in place of the instrumentation that lost them'] : []),
    'turnmeter producers names who reports them; turnmeter doctor <folder> looks into the app',
  ];
}
