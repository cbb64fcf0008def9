import { Command } from 'commander';
import type { AssessmentDocument } from '../../serve/documents/assessment-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
Doing it again changes nothing, but that records which came since are taken into the summary. A session that nobody finalizes is
finalized after it was idle for a while.

Examples:
  $ turnmeter finalize 7d21f0
  $ turnmeter finalize 7d21f0 --json | jq .performance_comparison.verdict
`;

export function describeFinalize(invocation: Invocation): Command {
  const command = new Command('finalize')
    .description('Ends a session, and compares it with the other finalized sessions of its workflow.')
    .argument('<id>', 'the session')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (id: string, options: ServiceOptions) => {
    const { printAssessment } = await import('../figures/print-assessment.ts');
    await withService(invocation, options, async ({ api }) => {
      const assessment = await api.post<AssessmentDocument>(`api/v1/sessions/${encodeURIComponent(id)}/finalize`);
      if (options.json === true) invocation.printJson(assessment);
      else printAssessment(invocation, assessment);
    });
  });
}
