import stringWidth from 'string-width';
import type { Invocation } from './invocation.ts';
import type { Cell } from './text/table.ts';

/** A name with what it is; nothing is printed for an empty one. */
export type Fact = readonly [name: string, value: Cell];

/** Writes names and values under each other. */
export function printFacts(invocation: Invocation, facts: readonly Fact[]): void {
  const { paint } = invocation;
  const used = facts.filter(([, value]) => value !== '');
  const width = used.reduce((most, [name]) => Math.max(most, stringWidth(name)), 0);
  for (const [name, value] of used) {
    const text = typeof value === 'string' ? value : paint(value.tone, value.text);
    invocation.print(`${paint('faint', name)}${' '.repeat(width - stringWidth(name))}  ${text}`);
  }
}
