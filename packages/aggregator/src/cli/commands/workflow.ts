import { Command } from 'commander';
import type { WorkflowDetailDocument } from '../../serve/documents/workflow-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
n is how many finalized sessions (or turns) a row is over, sd the standard deviation; half of the values lie below the median, 95 of 100
below p95. "change" compares a version with the one before; it is faint where the difference is no larger than chance makes it.

Examples:
  $ turnmeter workflow support-triage
  $ turnmeter workflow support-triage --json | jq .distributions.cost_usd
`;

export function describeWorkflow(invocation: Invocation): Command {
  const command = new Command('workflow')
    .description(
      'Shows what a session of one workflow normally costs and takes, how its agents respond, and what its versions changed.',
    )
    .argument('<name>', 'the workflow')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (name: string, options: ServiceOptions) => {
    const { printWorkflow } = await import('../figures/print-workflows.ts');
    await withService(invocation, options, async ({ api }) => {
      const workflow = await api.get<WorkflowDetailDocument>(`api/v1/workflows/${encodeURIComponent(name)}`);
      if (options.json === true) invocation.printJson(workflow);
      else printWorkflow(invocation, workflow);
    });
  });
}
