import { Command } from 'commander';
import { type ChangeOptions, changeBalance } from '../balances/change-balance.ts';
import { parseAmount, parseExpiry, unitOf } from '../balances/parse-amounts.ts';
import type { BalanceDocument, BalanceWithEntriesDocument } from '../../serve/documents/balance-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, parseInteger, type ServiceOptions } from '../options.ts';

const HELP = `
A balance is never negative: what it does not have is refused. Each change is one entry of a ledger that only grows. With the same
--idempotency-key a change happens once, however often it is asked for; without one, each command is a change of its own.
What expires first is spent first. A reservation ends with settle (what was used) or release (nothing was).

Examples:
  $ turnmeter balance grant acme 1_000_000 --expires 30d --note "trial"
  $ turnmeter balance grant acme 25.00 --usd --idempotency-key invoice-4711
  $ turnmeter balance reserve acme 20000 --expires 15m
  $ turnmeter balance settle acme 2 13250
  $ turnmeter balance deduct acme 500
  $ turnmeter balance show acme --json | jq -r .balance.free
  $ turnmeter balance list
`;

/** Answer of `GET /api/v1/balances`. */
export interface BalancesDocument {
  readonly balances: readonly BalanceDocument[];
  readonly next_cursor: string | null;
}

interface ShowOptions extends ServiceOptions {
  readonly usd?: true;
  readonly limit: number;
}

interface ListOptions extends ServiceOptions {
  readonly limit: number;
  readonly cursor?: string;
}

const LIMIT_LIST = 100;
const LIMIT_ENTRIES = 20;

export function describeBalance(invocation: Invocation): Command {
  return new Command('balance')
    .description('Prepaid balances of tokens or US dollars: trials, credits, allowances.')
    .addHelpText('after', HELP)
    .addCommand(describeList(invocation))
    .addCommand(describeShow(invocation))
    .addCommand(describeAmount(invocation, 'grant', 'add to a balance, for good or until a time').option(...EXPIRES))
    .addCommand(describeAmount(invocation, 'reserve', 'set aside what a call may cost at worst').option(...EXPIRES))
    .addCommand(describeSettle(invocation))
    .addCommand(describeRelease(invocation))
    .addCommand(describeAmount(invocation, 'deduct', 'spend at once, without a reservation'))
    .addCommand(describeRefund(invocation));
}

const EXPIRES = [
  '--expires <time>',
  'until when: 2027-01-01, 2027-01-01T09:00Z, or how long from now: 15m, 30d',
  parseExpiry,
] as const;
const USD = ['--usd', 'the balance in US dollars, and amounts in dollars'] as const;

function describeList(invocation: Invocation): Command {
  const command = new Command('list')
    .summary('list balances')
    .description('Lists the balances of a tenant by name.')
    .option('-n, --limit <number>', 'how many', parseInteger, LIMIT_LIST)
    .option('--cursor <cursor>', 'next_cursor of the page before');
  return addServiceOptions(command).action(async (options: ListOptions) => {
    const { printBalances } = await import('../balances/print-balances.ts');
    const { limit, cursor } = options;
    await withService(invocation, options, async ({ api }) => {
      printBalances(invocation, await api.get<BalancesDocument>('api/v1/balances', { limit, cursor }), options);
    });
  });
}

function describeShow(invocation: Invocation): Command {
  const command = new Command('show')
    .summary('show a balance and its ledger')
    .description('Shows a balance, and the newest entries of its ledger.')
    .argument('<account>', 'whose balance')
    .option(...USD)
    .option('-n, --limit <number>', 'how many entries', parseInteger, LIMIT_ENTRIES);
  return addServiceOptions(command).action(async (account: string, options: ShowOptions) => {
    const { printBalance } = await import('../balances/print-balances.ts');
    const path = `api/v1/balances/${encodeURIComponent(account)}`;
    const query = { unit: unitOf(options), limit: options.limit };
    await withService(invocation, options, async ({ api }) => {
      printBalance(invocation, await api.get<BalanceWithEntriesDocument>(path, query), options);
    });
  });
}

function describeAmount(invocation: Invocation, operation: 'grant' | 'reserve' | 'deduct', summary: string): Command {
  return addChangeOptions(
    describeChange(operation, summary).argument('<amount>', 'tokens, or dollars with --usd'),
  ).action(async (account: string, amount: string, options: ChangeOptions) => {
    const body = { amount: parseAmount(amount, options) };
    await changeBalance(invocation, { operation, account, body }, options);
  });
}

function describeSettle(invocation: Invocation): Command {
  const command = describeChange('settle', 'end a reservation with what was used')
    .argument('<reservation>', 'the number of the entry that reserved', parseInteger)
    .argument('<amount>', 'what was used; more than was reserved comes from what is free');
  return addChangeOptions(command).action(
    async (account: string, reservation: number, amount: string, options: ChangeOptions) => {
      const body = { reservation, amount: parseAmount(amount, options) };
      await changeBalance(invocation, { operation: 'settle', account, body }, options);
    },
  );
}

function describeRelease(invocation: Invocation): Command {
  const command = describeChange('release', 'end a reservation of which nothing was used').argument(
    '<reservation>',
    'the number of the entry that reserved',
    parseInteger,
  );
  return addChangeOptions(command).action(async (account: string, reservation: number, options: ChangeOptions) => {
    await changeBalance(invocation, { operation: 'release', account, body: { reservation } }, options);
  });
}

function describeRefund(invocation: Invocation): Command {
  const command = describeChange('refund', 'give back what was spent, or a part of it')
    .argument('<spending>', 'the number of the entry that settled or deducted', parseInteger)
    .argument('<amount>', 'at most what it spent')
    .option(...EXPIRES);
  return addChangeOptions(command).action(
    async (account: string, spending: number, amount: string, options: ChangeOptions) => {
      const body = { spending, amount: parseAmount(amount, options) };
      await changeBalance(invocation, { operation: 'refund', account, body }, options);
    },
  );
}

function describeChange(operation: string, summary: string): Command {
  const description = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return new Command(operation).summary(summary).description(description).argument('<account>', 'whose balance');
}

function addChangeOptions(command: Command): Command {
  command
    .option(...USD)
    .option('--note <text>', 'for people who read the ledger')
    .option('--idempotency-key <key>', 'happens once with this key (default: a new one)');
  return addServiceOptions(command);
}
