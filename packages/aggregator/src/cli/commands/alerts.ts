import { Command, InvalidArgumentError, Option } from 'commander';
import { AlertMeasure, MEASURES, WINDOWS } from '../../alert/measures.ts';
import type { AlertDocument, AlertTestDocument, FiringDocument } from '../../serve/documents/alert-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';
import { listMeasures } from '../alerts/list-measures.ts';

const HELP = `
A rule measures something again and again, and tells a webhook when it goes beyond a threshold, while it stays there, and when it is over.
Messages are signed as Standard Webhooks says (https://www.standardwebhooks.com) and sent until the receiver takes them, for a day.
Receivers on private addresses need alerts.allow_private_targets in the service's configuration.

Examples:
  $ turnmeter alerts add "dear session" --what session_cost_usd --above 5 --webhook https://example.com/hook
  $ turnmeter alerts test alert_3f9c...
  $ turnmeter alerts firing
  $ turnmeter alerts list
  $ turnmeter alerts remove alert_3f9c...
`;

const ADD_HELP = `
What can be measured:
${listMeasures(MEASURES)}

Windows: ${Object.keys(WINDOWS).join(', ')}. They begin at full five minutes.

Examples:
  $ turnmeter alerts add "three times the usual" --what session_percent_of_expected --above 300 --webhook https://example.com/hook
  $ turnmeter alerts add "dear hour" --what workflow_cost_usd --above 20 --window 1h --workflow support --webhook https://example.com/hook
  $ turnmeter alerts add "calls fail" --what tenant_failed_share --above 0.1 --window 15m --for 5m --webhook https://example.com/hook
  $ turnmeter alerts add "balance low" --what balance_remaining_usd --below 10 --webhook https://example.com/hook
`;

export interface AddAlertOptions extends ServiceOptions {
  readonly what: string;
  readonly above?: number;
  readonly below?: number;
  readonly window?: string;
  readonly for?: string;
  readonly repeat?: string;
  readonly workflow?: string;
  readonly agent?: string;
  readonly model?: string;
  readonly webhook: string;
  readonly secret?: string;
  readonly disabled?: true;
}

/** Answer of `GET /api/v1/alerts`. */
export interface AlertsDocument {
  readonly alerts: readonly AlertDocument[];
}

/** Answer of `GET /api/v1/alerts/firing`. */
export interface FiringAlertsDocument {
  readonly firing: readonly FiringDocument[];
}

export function describeAlerts(invocation: Invocation): Command {
  return new Command('alerts')
    .description('Alert rules of a tenant, and what they found.')
    .addHelpText('after', HELP)
    .addCommand(describeList(invocation))
    .addCommand(describeAdd(invocation))
    .addCommand(describeRemove(invocation))
    .addCommand(describeTest(invocation))
    .addCommand(describeFiring(invocation));
}

function describeList(invocation: Invocation): Command {
  const command = new Command('list').summary('list rules').description('Lists the rules of a tenant.');
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const { printAlerts } = await import('../alerts/print-alerts.ts');
    await withService(invocation, options, async ({ api }) => {
      const list = await api.get<AlertsDocument>('api/v1/alerts');
      if (options.json === true) invocation.printJson(list);
      else printAlerts(invocation, list);
    });
  });
}

function describeAdd(invocation: Invocation): Command {
  const command = new Command('add')
    .summary('write a new rule')
    .description('Writes a new rule. Without a secret one is made, and printed this once.')
    .argument('<name>', 'what people call it')
    .addOption(
      new Option('--what <measure>', 'what is measured').choices(Object.values(AlertMeasure)).makeOptionMandatory(),
    )
    .option('--above <number>', 'fire above it', parseNumber)
    .option('--below <number>', 'fire below it', parseNumber)
    .addOption(new Option('--window <time>', 'over how long it is measured').choices(Object.keys(WINDOWS)))
    .option('--for <duration>', 'how long it must hold: 30s, 5m, 1h (default: 0s)')
    .option('--repeat <duration>', 'tell again what goes on after this (default: 4h)')
    .option('-w, --workflow <name>', 'only of this workflow')
    .option('--agent <name>', 'only what this agent did')
    .option('--model <name>', 'only calls of this model')
    .requiredOption('--webhook <url>', 'where messages go')
    .addOption(
      new Option('--secret <secret>', 'what signs them: whsec_ and base64; better in the environment').env(
        'TURNMETER_WEBHOOK_SECRET',
      ),
    )
    .option('--disabled', 'write it down, and do not evaluate it yet')
    .addHelpText('after', ADD_HELP);
  return addServiceOptions(command).action(async (name: string, options: AddAlertOptions) => {
    const { addAlert } = await import('../alerts/add-alert.ts');
    await addAlert(invocation, name, options);
  });
}

function describeRemove(invocation: Invocation): Command {
  const command = new Command('remove')
    .summary('remove a rule')
    .description('Removes a rule; nothing more is sent of it.')
    .argument('<id>', 'the rule');
  return addServiceOptions(command).action(async (id: string, options: ServiceOptions) => {
    await withService(invocation, options, async ({ api }) => {
      const removed = await api.delete<object>(`api/v1/alerts/${encodeURIComponent(id)}`);
      if (options.json === true) invocation.printJson(removed);
      else invocation.print(`${id} is removed`);
    });
  });
}

function describeTest(invocation: Invocation): Command {
  const command = new Command('test')
    .summary('send a test message')
    .description(
      'Sends a message that is marked as a test, and tells what the receiver said; ends with 1 if it did not take it.',
    )
    .argument('<id>', 'the rule');
  return addServiceOptions(command).action(async (id: string, options: ServiceOptions) => {
    const { printTest } = await import('../alerts/print-alerts.ts');
    await withService(invocation, options, async ({ api }) => {
      const result = await api.post<AlertTestDocument>(`api/v1/alerts/${encodeURIComponent(id)}/test`);
      printTest(invocation, result, options);
    });
  });
}

function describeFiring(invocation: Invocation): Command {
  const command = new Command('firing')
    .summary('list what fires')
    .description('Lists what fires, and what does not hold for long enough yet.');
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const { printFiring } = await import('../alerts/print-alerts.ts');
    await withService(invocation, options, async ({ api }) => {
      const list = await api.get<FiringAlertsDocument>('api/v1/alerts/firing');
      if (options.json === true) invocation.printJson(list);
      else printFiring(invocation, list);
    });
  });
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Expected a number.');
  return number;
}
