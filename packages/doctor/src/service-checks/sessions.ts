import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import { type Service, servicesWith, sumOf } from '../service/service.ts';

/** Calls that belong to no session. */
export const sessions: Check<Service> = {
  name: 'sessions',
  run: ({ calls }) => {
    const lone = sumOf(calls, 'calls_without_session');
    if (lone === 0) return [];
    return [
      {
        severity: Severity.WRONG_FIGURES,
        found: `${lone} of ${sumOf(calls, 'calls')} model calls belong to no session`,
        where: servicesWith(calls, 'calls_without_session'),
        why: 'They are in the totals and in no session, so no average, comparison or limit knows of them.',
        fix: [
          'the attribute session.id or gen_ai.conversation.id on any span above them',
          "or withSession({ session: '…', workflow: '…' }, () => …) around the run",
        ],
      },
    ];
  },
};
