import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import type { Service } from '../service/service.ts';

export const readiness: Check<Service> = {
  name: 'readiness',
  run: ({ isReady, reasons }) => {
    if (isReady && reasons.length === 0) return [];
    return [
      {
        severity: isReady ? Severity.ADVICE : Severity.LOSES_DATA,
        found: isReady
          ? `the service is ready, with something to mend: ${reasons.join('; ')}`
          : `the service is not ready${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`,
        why: isReady
          ? 'It takes telemetry, but not everything is as it should be.'
          : 'It refuses telemetry; senders come back for a while and then drop it.',
        fix: ['its log says more; GET /readyz tells when it is over'],
      },
    ];
  },
};
