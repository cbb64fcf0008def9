import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { numberOf, textOf } from '../service/document.ts';
import { sampleWords, type Service, serviceNameOf } from '../service/service.ts';

/** Calls that two instrumentations report. The service counts each once. */
export const copies: Check<Service> = {
  name: 'copies',
  run: ({ reportedTwice, oneTraceOf }) =>
    reportedTwice.map((row): Diagnosis => {
      const [copy, counted] = [textOf(row, 'scope') || '(unnamed)', textOf(row, 'counted_scope') || '(unnamed)'];
      return {
        severity: Severity.ADVICE,
        found: `${numberOf(row, 'calls')} calls are reported twice: by ${counted}, which is counted, and by ${copy}${sampleWords(oneTraceOf)}`,
        where: [`service ${serviceNameOf(row)}`],
        why: 'Each is counted once here; other backends add both up, and both take time and bytes.',
        fix: [`if ${copy} is not needed for something else, remove it`],
      };
    }),
};
