import type { ResolvedPolicyDocument, ResolvedValueDocument } from '../../serve/documents/policies-document.ts';
import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { printTable } from '../print-table.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';

interface Row {
  readonly field: string;
  readonly resolved: ResolvedValueDocument<number | string>;
}

export function printResolved(invocation: Invocation, policy: ResolvedPolicyDocument, { json }: OutputOptions): void {
  if (json === true) invocation.printJson(policy);
  else printTable(invocation, rowsOf(policy), COLUMNS);
}

const LEVELS = ['warning', 'critical', 'stop'] as const;

function rowsOf(policy: ResolvedPolicyDocument): readonly Row[] {
  const limits = (['shares', 'usd', 'tokens'] as const).flatMap((unit) =>
    LEVELS.map((level) => [`${unit}.${level}`, policy[unit][level]] as const),
  );
  const { degrade } = policy;
  const models = Object.entries(degrade.models).map(
    ([model, instead]) => [`degrade.models.${model}`, instead] as const,
  );
  const fields = [
    ...limits,
    ['expected_usd', policy.expected_usd] as const,
    ['pause_share', policy.pause_share] as const,
    ['degrade.at', degrade.at] as const,
    ...models,
    ['degrade.output_tokens_max', degrade.output_tokens_max] as const,
    ['degrade.agents_max', degrade.agents_max] as const,
    ['on_unavailable', policy.on_unavailable] as const,
    ['on_unpriced', policy.on_unpriced] as const,
  ];
  return fields.flatMap(([field, resolved]) => (resolved === null ? [] : [{ field, resolved }]));
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'field', isFlexible: true, cell: ({ field }) => shown(field) },
  { title: 'value', align: 'right', cell: ({ resolved }) => shown(String(resolved.value)) },
  { title: 'from', isFlexible: true, cell: ({ resolved }) => sourceOf(resolved) },
];

function sourceOf({ from, lowered_by }: ResolvedValueDocument<number | string>): string {
  const lowered = lowered_by === null ? '' : `, lowered to ${lowered_by}`;
  if (from === null) return `default${lowered}`;
  const named = Object.entries(from).flatMap(([kind, name]) => (name === null ? [] : [`${kind} ${shown(name)}`]));
  return `${named.length === 0 ? 'all tenants' : named.join(', ')}${lowered}`;
}
