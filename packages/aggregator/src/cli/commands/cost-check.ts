import { Command, InvalidArgumentError } from 'commander';
import type { CostCheckDocument } from '../../serve/documents/cost-check-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, parseInteger, type ServiceOptions } from '../options.ts';

const HELP = `
Ends with 1 where a limit is exceeded, so that scripts can stop. With --session the figures of the service count where they are higher.

Examples:
  $ turnmeter cost-check research --cost 0.42 --tokens 18000
  $ turnmeter cost-check research --session 7d21f0
  $ turnmeter cost-check research --cost 0.42 --tokens 18000 --json | jq .threshold_analysis.percent_of_expected
`;

interface CostCheckOptions extends ServiceOptions {
  readonly cost?: number;
  readonly tokens?: number;
  readonly session?: string;
  readonly turns?: number;
  readonly workflowVersion?: string;
}

export function describeCostCheck(invocation: Invocation): Command {
  const command = new Command('cost-check')
    .description('Tells whether a session is still within what sessions of its workflow may cost.')
    .argument('<workflow>', 'the workflow')
    .option('--cost <usd>', 'what the session has cost so far, US dollars', parseUsd)
    .option('--tokens <n>', 'tokens of prompts and answers so far', parseInteger)
    .option('--session <id>', 'the session, as the service knows it')
    .option('--turns <n>', 'turns so far', parseInteger)
    .option('--workflow-version <version>', 'version of the workflow')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (workflow: string, options: CostCheckOptions) => {
    const { printCostCheck } = await import('../control/print-cost-check.ts');
    const isToldHere = options.cost !== undefined || options.tokens !== undefined;
    await withService(invocation, options, async ({ api }) => {
      const check = await api.post<CostCheckDocument>('api/v1/cost/check', {
        workflow,
        // Who tells one of the two means that the other is nothing, or does not matter.
        current_cost: options.cost ?? (isToldHere ? 0 : undefined),
        current_tokens: options.tokens ?? (isToldHere ? 0 : undefined),
        session_id: options.session,
        turns: options.turns,
        workflow_version: options.workflowVersion,
      });
      printCostCheck(invocation, check, options);
    });
  });
}

function parseUsd(text: string): number {
  if (!/^\d{1,12}(\.\d{1,12})?$/.test(text)) throw new InvalidArgumentError('Expected US dollars like 0.42.');
  return Number(text);
}
