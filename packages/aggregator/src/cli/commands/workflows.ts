import { Command } from 'commander';
import type { WorkflowDocument } from '../../serve/documents/workflow-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
Averages are over finalized sessions, those that nobody ended being finalized after they were idle for a while.

Examples:
  $ turnmeter workflows
  $ turnmeter workflows --tenant '*'                  of all tenants, for keys that may
  $ turnmeter workflows --json | jq '.workflows[] | {workflow, n: .session_count, usd: .performance_averages.avg_cost_per_session}'
`;

/** Answer of `GET /api/v1/workflows`. */
export interface WorkflowsDocument {
  readonly workflows: readonly WorkflowDocument[];
}

export function describeWorkflows(invocation: Invocation): Command {
  const command = new Command('workflows')
    .description(
      'Lists workflows with what a session of each normally costs and takes, those of the most sessions first.',
    )
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const { printWorkflows } = await import('../figures/print-workflows.ts');
    await withService(invocation, options, async ({ api }) => {
      const list = await api.get<WorkflowsDocument>('api/v1/workflows');
      if (options.json === true) invocation.printJson(list);
      else printWorkflows(invocation, list);
    });
  });
}
