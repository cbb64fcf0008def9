import type { LimitsDocument, PolicyDocument } from '@turnmeter/budget';
import type { PoliciesDocument, PolicySetDocument } from '../../serve/documents/policies-document.ts';
import type { PolicyHistoryDocument } from '../commands/policy.ts';
import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { printSection, printTable } from '../print-table.ts';
import { formatTime, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';

export function printPolicies(invocation: Invocation, document: PoliciesDocument, { json }: OutputOptions): void {
  if (json === true) {
    invocation.printJson(document);
    return;
  }
  const { tenant, version, updated_by, updated_at, policies, inherited } = document;
  const whose = tenant === null ? 'all tenants' : shown(tenant);
  const written = updated_at === null ? '' : `, written ${formatTime(updated_at)} UTC by ${shown(updated_by ?? '')}`;
  invocation.print(`${plural(policies.length, 'policy', 'policies')} of ${whose}, version ${version}${written}`);
  printSection(invocation, policies, POLICY_COLUMNS);
  if (inherited === null || inherited.policies.length === 0) return;
  invocation.print('', 'For all tenants, where those say nothing:');
  printSection(invocation, inherited.policies, POLICY_COLUMNS);
}

export function printHistory(invocation: Invocation, history: PolicyHistoryDocument, { json }: OutputOptions): void {
  if (json === true) invocation.printJson(history);
  else if (history.versions.length === 0)
    invocation.print('No policies were written yet: `turnmeter policy put --help`.');
  else printTable(invocation, history.versions, VERSION_COLUMNS);
}

const POLICY_COLUMNS: readonly Column<PolicyDocument>[] = [
  { title: 'for', isFlexible: true, cell: scopeOf },
  {
    title: 'of expected',
    cell: ({ shares }) => limitsOf(shares, (share) => `${Number((share * 100).toPrecision(6))} %`),
  },
  { title: 'usd', cell: ({ usd }) => limitsOf(usd, (amount) => `$${amount}`) },
  {
    title: 'tokens',
    dispensable: 1,
    cell: ({ tokens }) => limitsOf(tokens, (amount) => amount.toLocaleString('en-US')),
  },
  {
    title: 'expected',
    dispensable: 2,
    cell: ({ expected_usd: usd }) => (usd === null || usd === undefined ? '' : `$${usd}`),
  },
];

const VERSION_COLUMNS: readonly Column<PolicySetDocument>[] = [
  { title: 'version', align: 'right', cell: ({ version }) => String(version) },
  { title: 'written (UTC)', cell: ({ updated_at }) => (updated_at === null ? '' : formatTime(updated_at)) },
  { title: 'by', cell: ({ updated_by }) => shown(updated_by ?? '') },
  { title: 'policies', align: 'right', cell: ({ policies }) => String(policies.length) },
];

function scopeOf({ workflow, agent, model }: PolicyDocument): string {
  const named = Object.entries({ workflow, agent, model }).flatMap(([kind, name]) =>
    name === null || name === undefined ? [] : [`${kind} ${shown(name)}`],
  );
  return named.length === 0 ? 'all sessions' : named.join(', ');
}

/** `$1 / $2 / $5`: warning, critical and stop; `-` for what is left to wider policies. */
function limitsOf(limits: LimitsDocument | null | undefined, format: (value: number) => string): string {
  if (limits === null || limits === undefined) return '';
  return [limits.warning, limits.critical, limits.stop]
    .map((value) => (value === null || value === undefined ? '-' : format(value)))
    .join(' / ');
}
