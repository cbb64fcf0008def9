import { Command, Option } from 'commander';
import type { KeyDocument, NewKeyDocument } from '../../serve/routes/keys.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, EVERY_TENANT, type ServiceOptions } from '../options.ts';

const HELP = `
Keys that are made here hold at once, beside those of the configuration, and open nothing any more within a second of being revoked. Only their
hashes are kept. It takes a key for all tenants with the scope all; the first key of a service that had none has to be one.

Examples:
  $ turnmeter keys add ops --tenants '*'
  $ turnmeter keys add app --tenants acme --scope ingest
  $ turnmeter keys list
  $ turnmeter keys revoke app
`;

interface AddOptions extends ServiceOptions {
  readonly tenants: string;
  readonly scope: string;
}

/** Answer of `GET /api/v1/keys`. */
export interface KeysDocument {
  readonly keys: readonly KeyDocument[];
}

export function describeKeys(invocation: Invocation): Command {
  return new Command('keys')
    .description('Keys that may send and read, made and revoked while the service runs.')
    .addHelpText('after', HELP)
    .addCommand(describeAdd(invocation))
    .addCommand(describeList(invocation))
    .addCommand(describeRevoke(invocation));
}

function describeAdd(invocation: Invocation): Command {
  const command = new Command('add')
    .summary('make a key')
    .description('Makes a key and shows it, this once.')
    .argument('<name>', 'what logs and errors call it')
    .requiredOption('--tenants <names>', 'tenants, separated by commas; * for all')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(['ingest', 'read', 'all']).default('all'));
  return addServiceOptions(command).action(async (name: string, options: AddOptions) => {
    const { printNewKey } = await import('../control/print-keys.ts');
    const tenants =
      options.tenants === EVERY_TENANT ? EVERY_TENANT : options.tenants.split(',').map((one) => one.trim());
    await withService(invocation, asOperator(options), async ({ api }) => {
      const made = await api.post<NewKeyDocument>('api/v1/keys', { name, tenants, scope: options.scope });
      printNewKey(invocation, made, options);
    });
  });
}

function describeList(invocation: Invocation): Command {
  const command = new Command('list').summary('list keys').description('Lists keys, those that were revoked too.');
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const { printKeys } = await import('../control/print-keys.ts');
    await withService(invocation, asOperator(options), async ({ api }) => {
      printKeys(invocation, await api.get<KeysDocument>('api/v1/keys'), options);
    });
  });
}

function describeRevoke(invocation: Invocation): Command {
  const command = new Command('revoke')
    .summary('take a key back')
    .description('Takes a key back for good.')
    .argument('<name>', 'the key');
  return addServiceOptions(command).action(async (name: string, options: ServiceOptions) => {
    await withService(invocation, asOperator(options), async ({ api }) => {
      const revoked = await api.delete<object>(`api/v1/keys/${encodeURIComponent(name)}`);
      if (options.json === true) invocation.printJson(revoked);
      else invocation.print(`${name} opens nothing any more.`);
    });
  });
}

function asOperator(options: ServiceOptions): ServiceOptions {
  return { ...options, tenant: EVERY_TENANT };
}
