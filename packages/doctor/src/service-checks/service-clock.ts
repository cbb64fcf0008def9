import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import type { Service } from '../service/service.ts';

/** Turns of agents take seconds. */
const SKEW_MAX_MS = 2000;

export const serviceClock: Check<Service> = {
  name: 'service-clock',
  run: ({ clockAheadMs }): readonly Diagnosis[] => {
    if (clockAheadMs === undefined || Math.abs(clockAheadMs) <= SKEW_MAX_MS) return [];
    const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
    return [
      {
        severity: Severity.WRONG_FIGURES,
        found: `this machine’s clock is ${seconds} s ${clockAheadMs > 0 ? 'ahead of' : 'behind'} the service’s`,
        why: 'What apps on this machine send is counted at the wrong time, and beside what others send in the wrong order.',
        fix: ['let both keep time: timedatectl set-ntp true'],
      },
    ];
  },
};
