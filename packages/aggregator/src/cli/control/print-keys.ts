import type { KeyDocument, NewKeyDocument } from '../../serve/routes/keys.ts';
import type { KeysDocument } from '../commands/keys.ts';
import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { printTable } from '../print-table.ts';
import { formatTime } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';

/** The key alone goes to standard output, so that it can be put somewhere without being shown. */
export function printNewKey(invocation: Invocation, made: NewKeyDocument, { json }: OutputOptions): void {
  if (json === true) {
    invocation.printJson(made);
    return;
  }
  invocation.note(`${shown(made.name)} may ${permissionsOf(made)}. Its key is shown this once:`);
  invocation.print(made.key);
}

export function printKeys(invocation: Invocation, document: KeysDocument, { json }: OutputOptions): void {
  if (json === true) invocation.printJson(document);
  else if (document.keys.length === 0) invocation.print('No keys were made yet: `turnmeter keys add --help`.');
  else printTable(invocation, document.keys, KEY_COLUMNS);
}

const KEY_COLUMNS: readonly Column<KeyDocument>[] = [
  { title: 'name', isFlexible: true, cell: ({ name }) => shown(name) },
  { title: 'may', isFlexible: true, cell: permissionsOf },
  { title: 'made (UTC)', dispensable: 2, cell: ({ created_at }) => formatTime(created_at) },
  { title: 'by', dispensable: 1, cell: ({ created_by }) => shown(created_by) },
  {
    title: 'state',
    cell: ({ revoked_at }) =>
      revoked_at === null
        ? { text: 'holds', tone: 'good' }
        : { text: `revoked ${formatTime(revoked_at)}`, tone: 'faint' },
  },
];

const VERBS: Readonly<Record<string, string>> = { ingest: 'send', read: 'read', all: 'send, read and change' };

function permissionsOf({ scope, tenants }: Pick<KeyDocument, 'scope' | 'tenants'>): string {
  const whose = tenants === '*' ? 'all tenants' : shown(tenants.join(', '));
  return `${VERBS[scope] ?? scope} for ${whose}`;
}
