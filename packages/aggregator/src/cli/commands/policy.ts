import { Command } from 'commander';
import type {
  PoliciesDocument,
  PolicySetDocument,
  ResolvedPolicyDocument,
} from '../../serve/documents/policies-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
A policy says what sessions may cost: shares of what they are expected to (shares), US dollars (usd) and tokens, each with warning, critical and
stop; what guards do then; and for which workflow, agent or model. The narrowest policy wins, field by field.

Examples:
  $ turnmeter policy get --json > policies.json
  $ turnmeter policy put policies.json                refused if somebody wrote meanwhile
  $ turnmeter policy resolve --workflow research      what holds there, and which policy says so
  $ turnmeter policy history
  $ turnmeter policy put all.yaml --tenant '*'        for all tenants, by an operator
`;

const PUT_HELP = `
The file is YAML or JSON: a list of policies, or what \`policy get --json\` prints. With its "version" in it, a newer one is not written over.

  policies:
    - usd: { warning: 2, stop: 5 }
    - workflow: research
      expected_usd: 0.8
      degrade: { at: warning, models: { gpt-5: gpt-5-mini } }
`;

interface ResolveOptions extends ServiceOptions {
  readonly workflow?: string;
  readonly agent?: string;
  readonly model?: string;
}

/** Answer of `GET /api/v1/policies/history`. */
export interface PolicyHistoryDocument {
  readonly versions: readonly PolicySetDocument[];
  readonly next_before: number | null;
}

export function describePolicy(invocation: Invocation): Command {
  return new Command('policy')
    .description('What sessions may cost, and what guards do then.')
    .addHelpText('after', HELP)
    .addCommand(describeGet(invocation))
    .addCommand(describePut(invocation))
    .addCommand(describeResolve(invocation))
    .addCommand(describeHistory(invocation));
}

function describeGet(invocation: Invocation): Command {
  const command = new Command('get').summary('show policies').description('Shows the policies of a tenant.');
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const { printPolicies } = await import('../control/print-policies.ts');
    await withService(invocation, options, async ({ api }) => {
      printPolicies(invocation, await api.get<PoliciesDocument>('api/v1/policies'), options);
    });
  });
}

function describePut(invocation: Invocation): Command {
  const command = new Command('put')
    .summary('write policies')
    .description('Replaces the policies of a tenant by those of a file.')
    .argument('<file>', 'YAML or JSON; - reads standard input')
    .addHelpText('after', PUT_HELP);
  return addServiceOptions(command).action(async (file: string, options: ServiceOptions) => {
    const { readPolicyFile } = await import('../control/read-policy-file.ts');
    const { printPolicies } = await import('../control/print-policies.ts');
    const { policies, version } = await readPolicyFile(invocation, file);
    await withService(invocation, options, async ({ api }) => {
      const headers = version === undefined ? {} : { 'if-match': `"${version}"` };
      printPolicies(invocation, await api.put<PoliciesDocument>('api/v1/policies', { policies }, headers), options);
    });
  });
}

function describeResolve(invocation: Invocation): Command {
  const command = new Command('resolve')
    .summary('show what holds for a workflow')
    .description('Shows what holds for sessions of a workflow or a part of them, and which policy says so.')
    .option('--workflow <name>', 'sessions of this workflow')
    .option('--agent <name>', 'the part that this agent spends')
    .option('--model <name>', 'the part that this model costs');
  return addServiceOptions(command).action(async (options: ResolveOptions) => {
    const { printResolved } = await import('../control/print-resolved.ts');
    const { workflow, agent, model } = options;
    await withService(invocation, options, async ({ api }) => {
      const policy = await api.get<ResolvedPolicyDocument>('api/v1/policies/resolved', { workflow, agent, model });
      printResolved(invocation, policy, options);
    });
  });
}

function describeHistory(invocation: Invocation): Command {
  const command = new Command('history')
    .summary('show who wrote policies')
    .description('Shows who wrote which policies when, the latest first.');
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const { printHistory } = await import('../control/print-policies.ts');
    await withService(invocation, options, async ({ api }) => {
      printHistory(invocation, await api.get<PolicyHistoryDocument>('api/v1/policies/history'), options);
    });
  });
}
