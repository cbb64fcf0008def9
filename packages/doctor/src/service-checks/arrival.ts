import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import { type Service, sumOf } from '../service/service.ts';

/** Does anything arrive, and is there a model call in it? */
export const arrival: Check<Service> = {
  name: 'arrival',
  run: ({ producers, calls, url }) => {
    const records = sumOf(producers, 'records');
    const total = sumOf(calls, 'calls');
    if (records === 0) {
      return [
        {
          severity: Severity.ADVICE,
          found: 'nothing arrived in the last day',
          why: 'If an app runs and should report here, what it sends goes elsewhere, or nowhere.',
          fix: [
            `OTEL_EXPORTER_OTLP_ENDPOINT=http://${new URL(url).hostname}:4318 for the app`,
            'turnmeter doctor <folder of the app>',
          ],
        },
      ];
    }
    if (total === 0) {
      return [
        {
          severity: Severity.LOSES_DATA,
          found: `${records} records arrived in the last day, and no model call is among them`,
          why: 'The app exports, but nothing that calls models is instrumented.',
          fix: [
            'turnmeter producers shows what arrives',
            'turnmeter doctor <folder of the app> finds what is not attached',
          ],
        },
      ];
    }
    return [
      {
        severity: Severity.FINE,
        found: `${total} model calls in ${records} records of the last day`,
        why: 'Telemetry arrives.',
        fix: [],
      },
    ];
  },
};
